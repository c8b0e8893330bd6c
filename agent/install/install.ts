import { chmodSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { filesOf } from './files-of.ts'
import type { InstallOptions } from './install-options.ts'
import { doubtOf, obstacleOf } from './obstacle-of.ts'
import { ENABLED, GROUP, GROUP_FILE } from './places.ts'
import { putFile } from './put-file.ts'
import { runsSystemd, tellSystemd } from './tell-systemd.ts'

/**
 * Writes the units and makes the state directory; where systemd runs and no other root was named, enables them too. Starts
 * nothing. Each step is said. Undefined when all is done, else why not; what was done before stays, and doing it again is no harm.
 */
export async function install(options: InstallOptions, say: (step: string) => void): Promise<string | undefined> {
  const { root, stateDir } = options
  const obstacle = obstacleOf(options)
  const doubt = doubtOf(options)
  if (obstacle !== undefined) return obstacle
  // An image may have it elsewhere than here.
  if (doubt !== undefined && root === undefined) return doubt
  if (doubt !== undefined) say(`careful: ${doubt}`)
  for (const file of filesOf(options)) putFile(root, file, say)
  const state = join(root ?? '/', stateDir)
  mkdirSync(dirname(state), { recursive: true, mode: 0o755 })
  mkdirSync(state, { recursive: true })
  chmodSync(state, 0o700)
  say(`${state}: for root alone`)
  if (root !== undefined || !runsSystemd()) {
    say(
      `not enabled, ${root === undefined ? 'systemd does not run here' : 'this is another root'}; there it is done by`,
    )
    say(`  systemd-sysusers ${GROUP_FILE}`)
    say(`  systemctl enable ${ENABLED.join(' ')}`)
    return undefined
  }
  const refusal = await tellSystemd(
    [
      ['systemd-sysusers', GROUP_FILE],
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'enable', ...ENABLED],
    ],
    say,
  )
  if (refusal !== undefined) return refusal
  say(`members of the group ${GROUP} may talk to the agent; it starts with the next boot, or now by`)
  say(`  systemctl start ${ENABLED.join(' ')}`)
  return undefined
}
