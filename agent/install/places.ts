/** Where the units go, and the names that `--uninstall` has to know again. */
export const UNITS = {
  agent: 'sluice-agent.service',
  rules: 'sluice-rules.service',
  previous: 'sluice-rules-previous.service',
} as const

/** The units that are started by themselves; the third only follows a failure. */
export const ENABLED = [UNITS.rules, UNITS.agent] as const

/** The group that may talk to the agent: members need nothing else on the host. */
export const GROUP = 'sluice'

export const UNIT_FOLDER = '/etc/systemd/system'
export const GROUP_FILE = '/etc/sysusers.d/sluice.conf'
export const MODULES_FILE = '/etc/modules-load.d/sluice.conf'
export const SWITCHES_FILE = '/etc/sysctl.d/60-sluice.conf'

/** What the agent writes for the time before it runs, and the one before that. */
export const RULES_FILE = 'rules.nft'
export const PREVIOUS_FILE = 'rules.nft.previous'
