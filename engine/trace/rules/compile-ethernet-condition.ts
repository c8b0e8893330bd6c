import type { Condition } from '../../placement/condition.ts'
import { arpAddresses, ethernetField, icmpv6Type, isBpdu } from '../frame/ethernet-fields.ts'
import type { Frame } from '../frame/frame.ts'
import { compileTest, numberOf, type Resolve } from './compile-test.ts'

/** Whether a frame meets a condition of the Ethernet layer; undefined where a value is none, or the condition has no place there. */
export function compileEthernetCondition(
  condition: Condition,
  resolve: Resolve,
): ((frame: Frame) => boolean) | undefined {
  switch (condition.kind) {
    case 'compare': {
      const [read, test] = [ethernetField(condition.field), compileTest(condition.test, resolve)]
      const { negated } = condition
      if (test === undefined) return undefined
      return (frame) => {
        const value = read(frame)
        return value !== undefined && test(value) !== negated
      }
    }
    case 'bpdu':
      return isBpdu
    case 'gratuitous':
      return (frame) => {
        const addresses = arpAddresses(frame)
        return addresses !== undefined && (addresses[0] === addresses[1]) !== condition.negated
      }
    case 'icmpv6-ranges': {
      const { negated } = condition
      const [lowest, highest, first, last] = [...condition.type, ...condition.code].map((one) => numberOf(resolve(one)))
      if (lowest === undefined || highest === undefined || first === undefined || last === undefined) return undefined
      return (frame) => {
        const message = icmpv6Type(frame)
        if (message === undefined) return false
        const [type, code] = message
        return (type >= lowest && type <= highest && code >= first && code <= last) !== negated
      }
    }
    default:
      return undefined
  }
}
