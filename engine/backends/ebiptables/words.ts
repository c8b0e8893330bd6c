import type { Dialect } from '../../dialects/dialect.ts'
import type { Parameters } from '../../nwfilter/filter.ts'
import { type Argument, fillArgument } from './argument.ts'
import { joinName, type NameParts } from './chain-names.ts'
import type { EbiptablesRuleset } from './ruleset.ts'

/** A call of a tool: its name and its arguments. */
export type Command = readonly string[]

/**
 * How the parts of a command that differ between bindings are written. With text for words the printers give commands; with
 * templates for words they give what all bindings of a shape share.
 */
export type Words<Word> = {
  readonly device: Word
  readonly chain: (parts: NameParts) => Word
  readonly fill: (argument: Argument) => Word
}
/** A command whose variable parts are `Word`s. */
export type CommandOf<Word> = readonly (string | Word)[]

/** Words of one device that need no values. */
export function wordsOfDevice(portDevice: string): Words<string> {
  return wordsOf(portDevice, new Map(), 'libvirt')
}

/** Words of one binding. */
export function wordsOfRuleset({ portDevice, parameters, dialect }: EbiptablesRuleset): Words<string> {
  return wordsOf(portDevice, parameters, dialect)
}

function wordsOf(portDevice: string, parameters: Parameters, dialect: Dialect): Words<string> {
  return {
    device: portDevice,
    chain: (parts) => joinName(parts, portDevice),
    fill: (argument) => fillArgument(argument, parameters, dialect),
  }
}

/** A call of ebtables as libvirt makes it. Spec 5.1. */
export function ebtables<Word>(...args: CommandOf<Word>): CommandOf<Word> {
  return ['ebtables', '--concurrent', '-t', 'nat', ...args]
}

/** A call of iptables or ip6tables as libvirt makes it. Spec 5.1. */
export function iptables<Word>(tool: 'iptables' | 'ip6tables', ...args: CommandOf<Word>): CommandOf<Word> {
  return [tool, '-w', ...args]
}
