import { HARDENING } from './hardening.ts'
import type { InstallOptions } from './install-options.ts'
import { PREVIOUS_FILE, RULES_FILE, UNITS } from './places.ts'

/**
 * The rules stand before any network and any guest, and without Node: nft loads what the agent wrote last. Stopping the unit
 * leaves them in the kernel. network-pre.target: systemd.special(7).
 */
export function rulesUnit(options: InstallOptions): string {
  return unitOf(options, {
    file: RULES_FILE,
    description: 'Sluice: rules of virtual-machine NICs, before the network',
    unit: [`OnFailure=${UNITS.previous}`],
    service: ['RemainAfterExit=yes'],
    install: ['WantedBy=sysinit.target'],
  })
}

/** Loads the rules before the last ones where those do not load. */
export function previousRulesUnit(options: InstallOptions): string {
  return unitOf(options, {
    file: PREVIOUS_FILE,
    description: 'Sluice: the rules before the last ones, because the last did not load',
    unit: [`After=${UNITS.rules}`],
    // It has to run again at the next failure.
    service: [],
    install: [],
  })
}

type Parts = {
  readonly file: string
  readonly description: string
  readonly unit: readonly string[]
  readonly service: readonly string[]
  readonly install: readonly string[]
}

function unitOf({ stateDir }: InstallOptions, { file, description, unit, service, install }: Parts): string {
  const lines = [
    '[Unit]',
    `Description=${description}`,
    'DefaultDependencies=no',
    'Wants=network-pre.target',
    'Before=network-pre.target shutdown.target',
    'Conflicts=shutdown.target',
    // What others do when they start, and `flush ruleset` above all, happens before.
    'After=local-fs.target systemd-modules-load.service systemd-sysctl.service nftables.service netfilter-persistent.service',
    `RequiresMountsFor=${stateDir}`,
    `ConditionPathExists=${stateDir}/${file}`,
    ...unit,
    '',
    '[Service]',
    'Type=oneshot',
    ...service,
    `ExecStart=/usr/sbin/nft -f ${stateDir}/${file}`,
    // nft is silent unless it fails.
    'SyslogLevel=err',
    'TimeoutStartSec=60',
    '',
    ...HARDENING,
    'CapabilityBoundingSet=CAP_NET_ADMIN',
    'MemoryDenyWriteExecute=yes',
    'ProcSubset=pid',
    'RestrictAddressFamilies=AF_NETLINK',
    ...(install.length === 0 ? [] : ['', '[Install]', ...install]),
  ]
  return `${lines.join('\n')}\n`
}
