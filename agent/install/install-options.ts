import type { BackendName } from '../link/contract.ts'

/** What the units of a host are written for. All paths are absolute, and as the host itself sees them: without `root`. */
export type InstallOptions = {
  /** The folder in front of everything that is written: an image, or a test. Undefined for the system that runs. */
  readonly root: string | undefined
  readonly stateDir: string
  readonly socket: string
  readonly backend: BackendName
  /** The bits of the mark that rules may use. */
  readonly markMask: number
  /** Bridged packets pass the hooks of IP from boot on, as rules with states, rejects or limits of connections need. */
  readonly bridgeNetfilter: boolean
  /** Node, and the file that it runs. */
  readonly program: readonly [node: string, main: string]
}
