import { expect, test } from 'vitest'
import {
  compileBinding,
  type Diagnostic,
  type Dialect,
  diagnoseParsed,
  finalChains,
  finalIpChains,
  parseFilter,
} from '#engine'
import { createLab } from '../../agent/lab/create-lab.ts'
import { enterHost } from '../../agent/lab/lab.ts'
import { removeLab } from '../../agent/lab/remove-lab.ts'
import { bindingOf } from '../support/compile-like-oracle.ts'
import { asLine, canBeProbed, findRefused, type ProbedRule, TOOLS, type Tool } from '../support/probe-rules.ts'
import { makeRandom, type Random, seedOfRun } from '../support/random.ts'
import { randomCase } from '../support/random-filter.ts'

const CASES = 3000
const seed = seedOfRun()
console.log(`what is compiled without a warning is installed: ${CASES} cases, SLUICE_SEED=${seed}`)

test.each(['libvirt', 'strict'] as const)(
  'the tools take every rule that %s compiles without a warning',
  async (dialect) => {
    const byTool = compileRules(makeRandom(seed), dialect)
    const lab = await createLab()
    try {
      for (const tool of TOOLS) {
        expect(byTool[tool].length, tool).toBeGreaterThan(200)
        expect(await findRefused(tool, byTool[tool], enterHost(lab))).toEqual([])
      }
    } finally {
      removeLab(lab)
    }
  },
)

/** The rules of random filters of one rule each: longer ones nearly always hold something that is warned of. */
function compileRules(random: Random, dialect: Dialect): Readonly<Record<Tool, readonly ProbedRule[]>> {
  const rules: Record<Tool, ProbedRule[]> = { ebtables: [], iptables: [], ip6tables: [] }
  for (let at = 0; at < CASES; at += 1) {
    const { filters, variables } = randomCase(random)
    const parameters = new Map<string, string[]>()
    for (const [name, value] of variables) parameters.set(name, [...(parameters.get(name) ?? []), value])
    for (const xml of filters.join('').match(/<rule [^>]*>.*?<\/rule>/gs) ?? []) {
      const read = parseFilter(`<filter name='one'>${xml}</filter>`, 'filter:one', dialect)
      if (read.value === undefined) continue
      const binding = bindingOf('one', parameters, 'vnet0')
      const { value, diagnostics } = compileBinding({ filters: new Map([['one', read.value]]), binding, dialect })
      if (value === undefined || [...diagnoseParsed(read, new Map()), ...diagnostics].some(isWarning)) continue
      for (const { tool, rules: found } of [...finalChains(value.ruleset), ...finalIpChains(value.ruleset)])
        for (const rule of found) if (canBeProbed(rule)) rules[tool].push({ line: asLine(tool, rule), from: xml })
    }
  }
  return rules
}

/** That other protocols stay open is nothing the tools object to. */
function isWarning({ severity, code }: Diagnostic): boolean {
  return severity === 'warning' && code !== 'NWF343'
}
