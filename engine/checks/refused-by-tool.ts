import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import type { Filter, Match, Rule } from '../nwfilter/filter.ts'
import { matchOf, type RuleCheck, type Tool } from './check.ts'

const PORTS = ['srcportstart', 'dstportstart']
const MAC_MASKS = ['srcmacmask', 'dstmacmask']
const IP_MASKS = ['srcipmask', 'dstipmask']
const NO_BITS = '00:00:00:00:00:00'
const LAST_VLAN = 4095
const SUSPECTS = new Set(['protocol', ...MAC_MASKS, ...IP_MASKS, 'vlanid', 'option', 'dstipto'])

/** What libvirt takes and the kernel or its tools refuse, so that the NIC cannot be started. Found by giving it to them. */
export const refusedByTool: RuleCheck = (rule, filter, tool) => {
  // Most rules have nothing of the kind.
  if (!rule.matches.some(isSuspect)) return undefined
  return [
    ...sayPorts(rule, filter),
    ...sayMasks(rule, filter, tool),
    ...sayNumbers(rule, filter),
    ...sayFamilies(rule, filter, tool),
  ]
}

function isSuspect({ attribute, value }: Match): boolean {
  if (!SUSPECTS.has(attribute)) return false
  // Of prefix lengths only 0 is one.
  return value.kind !== 'prefix-length' || value.length === 0
}

/** Ports need a protocol with ports, and all but one is none. */
function sayPorts(rule: Rule, filter: Filter): readonly Diagnostic[] {
  if (rule.protocol !== 'ip' && rule.protocol !== 'ipv6') return []
  const protocol = matchOf(rule, 'protocol')
  if (protocol === undefined || !protocol.negated) return []
  if (!PORTS.some((name) => matchOf(rule, name) !== undefined)) return []
  return [tell(filter, protocol, 'ebtables takes ports only beside a protocol that is not negated.')]
}

/** A mask without bits matches everything, and its negation nothing. */
function sayMasks(rule: Rule, filter: Filter, tool: Tool): readonly Diagnostic[] {
  const names = tool === 'ebtables' ? MAC_MASKS : IP_MASKS
  return names.flatMap((name) => {
    const mask = matchOf(rule, name)
    const address = mask && matchOf(rule, name.replace('mask', 'addr'))
    if (mask === undefined || address === undefined) return []
    const { value } = mask
    if (value.kind === 'mac' && value.text === NO_BITS)
      return [tell(filter, mask, 'ebtables takes no mask without a bit: leave out the address to match every one.')]
    const isNothing = value.kind === 'prefix-length' && value.length === 0 && address.negated && tool !== 'ebtables'
    return isNothing ? [tell(filter, mask, `${tool} takes no negated mask without a bit: it would match nothing.`)] : []
  })
}

function sayNumbers(rule: Rule, filter: Filter): readonly Diagnostic[] {
  const vlan = rule.protocol === 'vlan' ? matchOf(rule, 'vlanid') : undefined
  if (vlan?.value.kind === 'number' && vlan.value.value === LAST_VLAN)
    return [tell(filter, vlan, 'ebtables takes VLAN numbers up to 4094.')]
  const option = rule.protocol.startsWith('tcp') ? matchOf(rule, 'option') : undefined
  if (option?.value.kind === 'number' && option.value.value === 0)
    return [tell(filter, option, 'iptables takes TCP options from 1 on.')]
  return []
}

/** libvirt reads dstipto as IPv4 in every protocol; what it takes there ip6tables does not. */
function sayFamilies(rule: Rule, filter: Filter, tool: Tool): readonly Diagnostic[] {
  const last = tool === 'ip6tables' ? matchOf(rule, 'dstipto') : undefined
  if (last?.value.kind !== 'ipv4') return []
  return [tell(filter, last, 'ip6tables takes no IPv4 address, and libvirt no other.')]
}

function tell(filter: Filter, { span }: Match, why: string): Diagnostic {
  return report('NWF362', filter.source, span, `The command of this rule fails when the NIC is started: ${why}`)
}
