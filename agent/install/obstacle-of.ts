import { statSync } from 'node:fs'
import { dirname, isAbsolute, normalize } from 'node:path'
import type { InstallOptions } from './install-options.ts'

/** Letters of a path that mean nothing else in a unit: no blank, quote, `%`, `$`, `\` or `;`. systemd.syntax(7) */
const PLAIN_PATH = /^\/[\w./@+:,=-]*$/
/** ProtectHome= and PrivateTmp= hide these. */
const HIDDEN = /^\/(home|root|run\/user|tmp|var\/tmp)(\/|$)/

/** Why these options give no units that work; undefined when they do. */
export function obstacleOf({ stateDir, socket, program }: InstallOptions): string | undefined {
  const paths = [stateDir, socket, ...program]
  const crooked = paths.find((path) => !isAbsolute(path) || normalize(path) !== path || !PLAIN_PATH.test(path))
  if (crooked !== undefined)
    return `“${crooked}” cannot stand in a unit: an absolute path of letters, digits and _ . / @ + : , = - is needed`
  if (['/', '/var/lib', '/run'].includes(stateDir))
    return `${stateDir} cannot be the state directory: it belongs to others`
  if (!/^\/run\/./.test(dirname(socket)))
    return `${socket} has no folder of its own below /run, where systemd makes one`
  return undefined
}

/** Why the agent should not run from where it is; undefined when it may. */
export function doubtOf({ program }: InstallOptions): string | undefined {
  const hidden = program.find((path) => HIDDEN.test(path))
  if (hidden !== undefined)
    return `${hidden} is hidden from the unit, as all of /home, /root and /tmp is: put the checkout elsewhere, /opt/sluice say`
  const shared = program.flatMap(withParents).find(isWritableByOthers)
  if (shared !== undefined)
    return `others than root may write ${shared}, and would run as root what they write: give it to root (chown root:root, chmod go-w)`
  return undefined
}

function withParents(path: string): readonly string[] {
  return path === '/' ? ['/'] : [path, ...withParents(dirname(path))]
}

function isWritableByOthers(path: string): boolean {
  const status = statSync(path, { throwIfNoEntry: false })
  return status !== undefined && (status.uid !== 0 || (status.mode & 0o022) !== 0)
}
