/** How the commands of an IP-layer rule are written in tables: what stands in all of them is said once. Spec 5.6, 5.7. */

export const FJ = 'iptables -A FJ-vnet0'
export const FP = 'iptables -A FP-vnet0'
export const HJ = 'iptables -A HJ-vnet0'
export const J = 'ebtables -A libvirt-J-vnet0'
export const P = 'ebtables -A libvirt-P-vnet0'
/** What a connection begins with, and its answers. */
export const OPENS = '-m conntrack --ctstate NEW,ESTABLISHED -m conntrack --ctdir Original'
export const ANSWERS = '-m conntrack --ctstate ESTABLISHED -m conntrack --ctdir Reply'

/** The three commands of an accept with state matching. `behind` stands behind the states: the sets. */
export function acceptIn(toGuest: string, fromGuest: string, behind: readonly [string, string] = ['', '']) {
  const [to, from] = behind.map((words) => (words === '' ? '' : ` ${words}`))
  return [
    `${FJ} ${fromGuest} ${ANSWERS}${from} -j RETURN`,
    `${FP} ${toGuest} ${OPENS}${to} -j ACCEPT`,
    `${HJ} ${fromGuest} ${ANSWERS}${from} -j RETURN`,
  ]
}

/** The same for what the guest begins. */
export function acceptOut(fromGuest: string, toGuest: string) {
  return [
    `${FJ} ${fromGuest} ${OPENS} -j RETURN`,
    `${FP} ${toGuest} ${ANSWERS} -j ACCEPT`,
    `${HJ} ${fromGuest} ${OPENS} -j RETURN`,
  ]
}

/** The three commands of an accept without state matching. */
export function acceptAll(toGuest: string, fromGuest: string) {
  return [`${FJ} ${fromGuest} -j RETURN`, `${FP} ${toGuest} -j ACCEPT`, `${HJ} ${fromGuest} -j RETURN`]
}

/** The three commands of a drop. */
export function drop(toGuest: string, fromGuest: string) {
  return [`${FJ} ${fromGuest} -j DROP`, `${FP} ${toGuest} -j DROP`, `${HJ} ${fromGuest} -j DROP`]
}
