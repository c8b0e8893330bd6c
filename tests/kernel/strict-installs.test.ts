import { expect, test } from 'vitest'
import { compileBinding, type FinalRule, finalChains, finalIpChains, parseFilter } from '#engine'
import { run } from '../../agent/exec/run.ts'
import { createLab } from '../../agent/lab/create-lab.ts'
import { enterHost } from '../../agent/lab/lab.ts'
import { removeLab } from '../../agent/lab/remove-lab.ts'
import { bindingOf } from '../support/compile-like-oracle.ts'
import { makeRandom, type Random, seedOfRun } from '../support/random.ts'
import { randomCase } from '../support/random-filter.ts'

const CASES = 3000
const TOOLS = ['ebtables', 'iptables', 'ip6tables'] as const
type Tool = (typeof TOOLS)[number]

const seed = seedOfRun()
console.log(`what strict compiles is installed: ${CASES} cases, SLUICE_SEED=${seed}`)

test('the tools take every rule that strict compiles', async () => {
  const byTool = compileRules(makeRandom(seed))
  const lab = await createLab()
  try {
    const enter = enterHost(lab)
    for (const tool of TOOLS) {
      const rules = byTool[tool]
      expect(rules.length, tool).toBeGreaterThan(50)
      const refused = await findRefused(tool, rules, enter)
      expect(refused).toEqual([])
    }
  } finally {
    removeLab(lab)
  }
})

/** Halves what the tool does not take until the very rules are found. */
async function findRefused(tool: Tool, rules: readonly string[], enter: readonly string[]): Promise<readonly string[]> {
  const words = await load(tool, rules, enter)
  if (words === '') return []
  if (rules.length === 1) return [`${tool} ${rules[0]}: ${words}`]
  const middle = rules.length >> 1
  const first = await findRefused(tool, rules.slice(0, middle), enter)
  return [...first, ...(await findRefused(tool, rules.slice(middle), enter))]
}

/** The rules of random filters of one rule each: longer ones nearly always hold something that strict refuses. */
function compileRules(random: Random): Readonly<Record<Tool, readonly string[]>> {
  const rules: Record<Tool, string[]> = { ebtables: [], iptables: [], ip6tables: [] }
  for (let at = 0; at < CASES; at += 1) {
    const { filters, variables } = randomCase(random)
    const parameters = new Map<string, string[]>()
    for (const [name, value] of variables) parameters.set(name, [...(parameters.get(name) ?? []), value])
    for (const xml of filters.join('').match(/<rule [^>]*>.*?<\/rule>/gs) ?? []) {
      const filter = parseFilter(`<filter name='one'>${xml}</filter>`, 'filter:one', 'strict').value
      if (filter === undefined) continue
      const binding = bindingOf('one', parameters, 'vnet0')
      const { value } = compileBinding({ filters: new Map([['one', filter]]), binding, dialect: 'strict' })
      if (value === undefined) continue
      // A set has to be there first, which is the admin's to see to.
      for (const { tool, rules: found } of [...finalChains(value.ruleset), ...finalIpChains(value.ruleset)])
        rules[tool].push(
          ...found
            .filter(({ args }) => !args.includes('--match-set') && !args.some((word) => /[\r\n]/.test(word)))
            .map((rule) => asLine(tool, rule)),
        )
    }
  }
  return rules
}

/** Arguments as the restore program of a tool reads them: only that of ebtables knows no quotes. */
function asLine(tool: Tool, { args }: FinalRule): string {
  if (tool === 'ebtables') return args.join(' ')
  return args.map((word) => (/^[\w.:/,@+=%!-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`)).join(' ')
}

/** Loads rules into a chain of their own and removes them; what the tool says where it refuses. */
async function load(tool: Tool, rules: readonly string[], enter: readonly string[]): Promise<string> {
  const lines = rules.map((rule) => `-A probe ${rule}\n`).join('')
  const input = tool === 'ebtables' ? `*nat\n-N probe\n${lines}` : `*filter\n:probe - [0:0]\n${lines}COMMIT\n`
  const { status, stderr } = await run([`${tool}-restore`, '--noflush'], { enter, input })
  const table = tool === 'ebtables' ? ['-t', 'nat'] : []
  for (const removal of ['-F', '-X']) await run([tool, ...table, removal, 'probe'], { enter })
  return status === 0 ? '' : stderr.trim() || `status ${status}`
}
