import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** A Debian package, a file that shows it is installed, and what it is needed for. */
export type DebianPackage = { readonly name: string; readonly file: string; readonly reason: string }

export const LAB_PACKAGES: readonly DebianPackage[] = [
  { name: 'iproute2', file: '/usr/sbin/ip', reason: 'makes the namespaces and bridge of the lab' },
  { name: 'util-linux', file: '/usr/bin/unshare', reason: 'enters namespaces' },
  { name: 'nftables', file: '/usr/sbin/nft', reason: 'shows and loads kernel rules' },
  { name: 'ebtables', file: '/usr/sbin/ebtables', reason: 'loads the Ethernet rules of filters' },
  { name: 'iptables', file: '/usr/sbin/iptables', reason: 'loads the IP rules of filters' },
  { name: 'iputils-ping', file: '/usr/bin/ping', reason: 'lets guests of the lab ping' },
]

export const TEST_PACKAGES: readonly DebianPackage[] = [
  { name: 'chromium', file: '/usr/bin/chromium', reason: 'is the browser of the end-to-end tests' },
  {
    name: 'fonts-dejavu-core',
    file: '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
    reason: 'gives that browser letters',
  },
  { name: 'ipset', file: '/usr/sbin/ipset', reason: 'makes the sets that rules of the kernel tests match' },
  { name: 'tcpdump', file: '/usr/bin/tcpdump', reason: 'shows what a failed kernel test sent' },
  { name: 'dnsmasq-base', file: '/usr/sbin/dnsmasq', reason: 'gives guests of the tests leases' },
  { name: 'udhcpc', file: '/usr/sbin/udhcpc', reason: 'asks for those of DHCPv4' },
  { name: 'isc-dhcp-client', file: '/usr/sbin/dhclient', reason: 'asks for those of DHCPv6' },
  { name: 'gcc', file: '/usr/bin/gcc', reason: 'builds the shim that lets libvirt compile filters without a host' },
  { name: 'libc6-dev', file: '/usr/include/stdio.h', reason: 'is needed by gcc' },
  {
    name: 'libvirt0',
    file: '/usr/lib/x86_64-linux-gnu/libvirt.so.0',
    reason: 'is what our compiler is compared with',
  },
  {
    name: 'libvirt-daemon',
    file: '/usr/lib/x86_64-linux-gnu/libvirt/connection-driver/libvirt_driver_nwfilter.so',
    reason: 'holds the filter driver our compiler is compared with',
  },
  {
    name: 'libvirt-daemon-config-nwfilter',
    file: '/etc/libvirt/nwfilter/clean-traffic.xml',
    reason: "holds libvirt's own texts of the built-in filters",
  },
]

/**
 * Installs what is missing with apt-get and says what and why; asks for nothing. Without the rights it only says what the
 * admin may install. Returns the names that are still missing.
 */
export function installDebianPackages(packages: readonly DebianPackage[]): readonly string[] {
  const missing = packages.filter(({ file }) => !isThere(file))
  if (missing.length === 0) return []
  const names = missing.map(({ name }) => name)
  for (const { name, reason } of missing) console.error(`sluice: ${name} is missing: it ${reason}`)
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.error(`sluice: without root nothing is installed; an admin may run: apt-get install ${names.join(' ')}`)
    return names
  }
  console.error(`sluice: installing ${names.join(' ')} from Debian`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const install = ['-y', '-qq', '--no-install-recommends', 'install', ...names]
  // The package lists may be there already; fetching them costs seconds.
  if (spawnSync('apt-get', install, { env, stdio: ['ignore', 'ignore', 'ignore'] }).status !== 0) {
    spawnSync('apt-get', ['-qq', 'update'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
    spawnSync('apt-get', install, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const still = missing.filter(({ file }) => !isThere(file)).map(({ name }) => name)
  if (still.length > 0) console.error(`sluice: could not install ${still.join(' ')}`)
  return still
}

/** Debian keeps system tools in /usr/sbin; both folders may be merged with those of the root. */
function isThere(file: string): boolean {
  return existsSync(file) || existsSync(file.replace('/usr', ''))
}
