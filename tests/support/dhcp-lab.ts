import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../agent/exec/run.ts'
import { enterGuest, type Lab } from '../../agent/lab/lab.ts'

/** Servers and clients of DHCP that run in a lab. */
export type DhcpLab = {
  /** Debian's dnsmasq outside, for IPv4 and IPv6; answers with leases of two minutes, its shortest. */
  readonly serve: () => void
  /** A client in a guest: udhcpc, for IPv4. Signal USR1 renews, USR2 releases. */
  readonly startClient: (guest: string) => ChildProcess
  /** A client in a guest: dhclient, for IPv6. */
  readonly startClient6: (guest: string) => ChildProcess
  /** Ends whatever was started. */
  readonly close: () => void
}

const PROGRAMS = { dnsmasq: '/usr/sbin/dnsmasq', udhcpc: '/usr/sbin/udhcpc', dhclient: '/usr/sbin/dhclient' } as const

/** What clients run when they have a lease, or none; the one of Debian would write the names of servers of this machine. */
const HOOK = `#!/usr/bin/perl
my ($device, $address) = ($ENV{interface}, $ENV{ip});
my $what = $ARGV[0] // '';
exec 'ip', 'address', 'replace', "$address/24", 'dev', $device if $what eq 'bound' || $what eq 'renew';
exec 'ip', '-4', 'address', 'flush', 'dev', $device if $what eq 'deconfig';
exec 'ip', 'address', 'replace', "$ENV{new_ip6_address}/128", 'dev', $device if $ENV{new_ip6_address};
`

/** Why servers and clients cannot be started here, or undefined. */
export function whyNoDhcp(): string | undefined {
  const missing = Object.values(PROGRAMS).filter((file) => !existsSync(file))
  return missing.length === 0 ? undefined : `there is no ${missing.join(', ')}`
}

/** Makes ready for servers and clients in a lab. */
export function openDhcpLab(lab: Lab): DhcpLab {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-dhcp-'))
  const hook = join(folder, 'hook')
  writeFileSync(hook, HOOK)
  chmodSync(hook, 0o755)
  const started: ChildProcess[] = []
  const start = (place: string, command: readonly string[]) => {
    const [program = '', ...args] = [...enterGuest(lab, place), ...command]
    const child = spawn(program, args, { stdio: 'ignore', cwd: folder })
    started.push(child)
    return child
  }
  return {
    serve: () => {
      const ranges = ['192.0.2.100,192.0.2.199,120', '2001:db8::100,2001:db8::1ff,64,120'].flatMap((range) => [
        '--dhcp-range',
        range,
      ])
      const quiet = ['--conf-file=/dev/null', '--port=0', '--leasefile-ro', '--no-ping', '--pid-file=', '--user=root']
      start('outside', [PROGRAMS.dnsmasq, '--keep-in-foreground', ...quiet, '--interface=eth0', ...ranges])
    },
    startClient: (guest) => {
      return start(guest, [PROGRAMS.udhcpc, '-f', '-i', 'eth0', '-s', hook, '-t', '20', '-T', '1', '-A', '1'])
    },
    startClient6: (guest) => {
      const leases = join(folder, 'leases6')
      // It wants one that is there.
      writeFileSync(leases, '')
      const files = ['-cf', '/dev/null', '-lf', leases, '-pf', join(folder, 'pid6')]
      return start(guest, [PROGRAMS.dhclient, '-6', '-d', '-sf', hook, ...files, 'eth0'])
    },
    close: () => {
      for (const child of started) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The addresses of a guest, of either family, that are not only for its link. */
export async function addressesOf(lab: Lab, guest: string): Promise<readonly string[]> {
  const { stdout } = await run(['ip', '-json', 'address', 'show', 'dev', 'eth0', 'scope', 'global'], {
    enter: enterGuest(lab, guest),
  })
  const links = JSON.parse(stdout) as readonly { readonly addr_info?: readonly { readonly local?: string }[] }[]
  return links.flatMap(({ addr_info = [] }) => addr_info.flatMap(({ local }) => (local === undefined ? [] : [local])))
}
