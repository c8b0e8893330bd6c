import type { FinalRule } from '#engine'
import { run } from '../../agent/exec/run.ts'

/** The tools that rules are given to. */
export const TOOLS = ['ebtables', 'iptables', 'ip6tables'] as const
export type Tool = (typeof TOOLS)[number]
/** A rule as a restore program reads it, and what it was made of. */
export type ProbedRule = { readonly line: string; readonly from: string }

/** A set has to be there first, which is the admin's to see to; a restore program takes no line ends in a comment. */
export function canBeProbed({ args }: FinalRule): boolean {
  return !args.includes('--match-set') && !args.some((word) => /[\r\n]/.test(word))
}

/** Arguments as the restore program of a tool reads them: only that of ebtables knows no quotes. */
export function asLine(tool: Tool, { args }: FinalRule): string {
  if (tool === 'ebtables') return args.join(' ')
  return args.map((word) => (/^[\w.:/,@+=%!-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`)).join(' ')
}

/** What the tool does not take: halved until the very rules are found, each with the words of the tool. */
export async function findRefused(
  tool: Tool,
  rules: readonly ProbedRule[],
  enter: readonly string[],
): Promise<readonly string[]> {
  const words = await load(tool, rules, enter)
  if (words === '') return []
  const [only] = rules
  if (only !== undefined && rules.length === 1) return [`${tool} ${only.line}: ${words}\nmade of ${only.from}`]
  const middle = rules.length >> 1
  const first = await findRefused(tool, rules.slice(0, middle), enter)
  return [...first, ...(await findRefused(tool, rules.slice(middle), enter))]
}

/** Loads rules into a chain of their own and removes them; what the tool says where it refuses. */
async function load(tool: Tool, rules: readonly ProbedRule[], enter: readonly string[]): Promise<string> {
  const lines = rules.map(({ line }) => `-A probe ${line}\n`).join('')
  const input = tool === 'ebtables' ? `*nat\n-N probe\n${lines}` : `*filter\n:probe - [0:0]\n${lines}COMMIT\n`
  const { status, stderr } = await run([`${tool}-restore`, '--noflush'], { enter, input })
  const table = tool === 'ebtables' ? ['-t', 'nat'] : []
  for (const removal of ['-F', '-X']) await run([tool, ...table, removal, 'probe'], { enter })
  return status === 0 ? '' : stderr.trim() || `status ${status}`
}
