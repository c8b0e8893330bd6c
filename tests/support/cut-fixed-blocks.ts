/**
 * What libvirt's own test suite cuts out of the commands of a new generation before it compares them: seven blocks that are
 * the same for every filter. Each is looked for behind the one cut before, and stays where it is not there as a whole.
 * Spec 12.2; the commands are those of 5.3.
 */
export function cutFixedBlocks(
  commands: readonly (readonly string[])[],
  portDevice: string,
): readonly (readonly string[])[] {
  let rest = commands
  let from = 0
  for (const block of fixedBlocks(portDevice)) {
    const lines = rest.map((words) => words.join(' '))
    const at = lines.findIndex(
      (_, start) => start >= from && block.every((line, offset) => lines[start + offset] === line),
    )
    if (at === -1) continue
    rest = rest.toSpliced(at, block.length)
    from = at
  }
  return rest
}

function fixedBlocks(device: string): readonly (readonly string[])[] {
  const ebtables = (...args: readonly string[]) => args.map((arg) => `ebtables --concurrent -t nat ${arg}`)
  return [
    ebtables(
      `-D PREROUTING -i ${device} -j libvirt-J-${device}`,
      `-D POSTROUTING -o ${device} -j libvirt-P-${device}`,
      ...['J', 'P'].map((side) => `-L libvirt-${side}-${device}`),
      ...['J', 'P'].flatMap((side) => ['F', 'X'].map((option) => `-${option} libvirt-${side}-${device}`)),
    ),
    ebtables(`-N libvirt-J-${device}`, `-N libvirt-P-${device}`),
    ...['iptables', 'ip6tables'].flatMap((tool) => [removeTemporaryChains(tool, device), makeBaseChains(tool, device)]),
    ebtables(`-A PREROUTING -i ${device} -j libvirt-J-${device}`, `-A POSTROUTING -o ${device} -j libvirt-P-${device}`),
  ]
}

function removeTemporaryChains(tool: string, device: string): readonly string[] {
  return [
    `-D libvirt-out -m physdev --physdev-is-bridged --physdev-out ${device} -g FP-${device}`,
    `-D libvirt-out -m physdev --physdev-out ${device} -g FP-${device}`,
    `-D libvirt-in -m physdev --physdev-in ${device} -g FJ-${device}`,
    `-D libvirt-host-in -m physdev --physdev-in ${device} -g HJ-${device}`,
    ...['FP', 'FJ', 'HJ'].flatMap((chain) => ['F', 'X'].map((option) => `-${option} ${chain}-${device}`)),
  ].map((args) => `${tool} -w ${args}`)
}

function makeBaseChains(tool: string, device: string): readonly string[] {
  const bases = ['libvirt-in', 'libvirt-out', 'libvirt-in-post']
  return [
    ...[...bases, 'libvirt-host-in'].map((chain) => `-N ${chain}`),
    ...bases.map((chain) => `-D FORWARD -j ${chain}`),
    '-D INPUT -j libvirt-host-in',
    ...bases.map((chain, at) => `-I FORWARD ${at + 1} -j ${chain}`),
    '-I INPUT 1 -j libvirt-host-in',
    ...['FP', 'FJ', 'HJ'].map((chain) => `-N ${chain}-${device}`),
    `-A libvirt-out -m physdev --physdev-is-bridged --physdev-out ${device} -g FP-${device}`,
    `-A libvirt-in -m physdev --physdev-in ${device} -g FJ-${device}`,
    `-A libvirt-host-in -m physdev --physdev-in ${device} -g HJ-${device}`,
    `-D libvirt-in-post -m physdev --physdev-in ${device} -j ACCEPT`,
    `-A libvirt-in-post -m physdev --physdev-in ${device} -j ACCEPT`,
  ].map((args) => `${tool} -w ${args}`)
}
