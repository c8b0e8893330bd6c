import { dirname } from 'node:path'
import { HARDENING } from './hardening.ts'
import type { InstallOptions } from './install-options.ts'
import { GROUP, UNITS } from './places.ts'

/** The agent in mode host: root without root's powers, but for those over the network. systemd.exec(5) */
export function agentUnit(options: InstallOptions): string {
  const { stateDir, socket, backend, markMask, program } = options
  const command = [
    ...program,
    'agent',
    '--mode=host',
    `--backend=${backend}`,
    `--mark-mask=0x${markMask.toString(16).padStart(8, '0')}`,
    `--state=${stateDir}`,
    `--socket=${socket}`,
  ]
  const lines = [
    '[Unit]',
    'Description=Sluice: agent for the firewall of virtual-machine NICs',
    `After=${UNITS.rules}`,
    'Before=libvirtd.service virtqemud.service',
    `RequiresMountsFor=${stateDir}`,
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${command.join(' ')}`,
    'Restart=always',
    'RestartSec=2',
    `Group=${GROUP}`,
    ...foldersOf(options),
    '',
    ...HARDENING,
    'CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW',
    `ExecPaths=${dirname(program[0])}`,
    'PrivateTmp=yes',
    'RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_PACKET',
    // The switches of br_netfilter alone; they are there where the module was loaded before.
    'ReadWritePaths=-/proc/sys/net/bridge',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ]
  return `${lines.join('\n')}\n`
}

/** Below /var/lib systemd makes the folder, and again where it is gone; elsewhere it has to be there. */
function foldersOf({ stateDir, socket }: InstallOptions): readonly string[] {
  const isOwn = stateDir.startsWith('/var/lib/')
  return [
    ...(isOwn ? [`StateDirectory=${stateDir.slice('/var/lib/'.length)}`, 'StateDirectoryMode=0700'] : []),
    ...(isOwn ? [] : [`ReadWritePaths=${stateDir}`]),
    `RuntimeDirectory=${dirname(socket).slice('/run/'.length)}`,
    'RuntimeDirectoryMode=0750',
    'RuntimeDirectoryPreserve=restart',
  ]
}
