import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { nftTable } from '#engine'
import { filesOf } from './files-of.ts'
import type { InstallOptions } from './install-options.ts'
import { ENABLED, GROUP, UNIT_FOLDER, UNITS } from './places.ts'
import { putFile } from './put-file.ts'
import { runsSystemd, tellSystemd } from './tell-systemd.ts'

/**
 * Stops and disables the units and removes their files. Rules stay in the kernel and the state directory stays: guests are as
 * guarded as before, until somebody takes the rules away knowingly. Undefined when all is done, else why not.
 */
export async function uninstall(options: InstallOptions, say: (step: string) => void): Promise<string | undefined> {
  const { root, stateDir } = options
  const isLive = root === undefined && runsSystemd()
  if (isLive) {
    const refusal = await tellSystemd([['systemctl', 'disable', '--now', ...ENABLED]], say)
    if (refusal !== undefined) say(`going on: ${refusal}`)
  }
  for (const { path } of filesOf(options)) putFile(root, { path, text: undefined }, say)
  for (const link of [`sysinit.target.wants/${UNITS.rules}`, `multi-user.target.wants/${UNITS.agent}`])
    rmSync(join(root ?? '/', UNIT_FOLDER, link), { force: true })
  const refusal = isLive ? await tellSystemd([['systemctl', 'daemon-reload']], say) : undefined
  say(`kept: the rules in the kernel, the group ${GROUP}, and ${join(root ?? '/', stateDir)}. They go by`)
  for (const family of ['bridge', 'ip', 'ip6']) say(`  nft delete table ${family} ${nftTable}`)
  say(`  groupdel ${GROUP}`)
  say(`  rm -r ${join(root ?? '/', stateDir)}`)
  say('with the backend ebiptables: rules whose chains are named after libvirt, see ebtables -t nat -L')
  return refusal
}
