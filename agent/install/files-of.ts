import { agentUnit } from './agent-unit.ts'
import type { InstallOptions } from './install-options.ts'
import { GROUP, GROUP_FILE, MODULES_FILE, SWITCHES_FILE, UNIT_FOLDER, UNITS } from './places.ts'
import { previousRulesUnit, rulesUnit } from './rules-units.ts'

/** A file as the host sees it. Without a text it is one that an earlier installation may have left, and that has to go. */
export type InstalledFile = { readonly path: string; readonly text: string | undefined }

/** Every file of an installation but the state directory, in the order in which they are written. */
export function filesOf(options: InstallOptions): readonly InstalledFile[] {
  const { bridgeNetfilter } = options
  return [
    { path: `${UNIT_FOLDER}/${UNITS.rules}`, text: rulesUnit(options) },
    { path: `${UNIT_FOLDER}/${UNITS.previous}`, text: previousRulesUnit(options) },
    { path: `${UNIT_FOLDER}/${UNITS.agent}`, text: agentUnit(options) },
    {
      path: GROUP_FILE,
      text: `# Members may talk to the agent of Sluice over its socket. sysusers.d(5)\ng ${GROUP} -\n`,
    },
    { path: MODULES_FILE, text: bridgeNetfilter ? MODULES : undefined },
    { path: SWITCHES_FILE, text: bridgeNetfilter ? SWITCHES : undefined },
  ]
}

const MODULES = '# The agent of Sluice may not load modules itself. modules-load.d(5)\nbr_netfilter\n'
const SWITCHES = `# Bridged packets pass the hooks of IP, as rules with states, rejects or limits of connections need. sysctl.d(5)
net.bridge.bridge-nf-call-iptables = 1
net.bridge.bridge-nf-call-ip6tables = 1
`
