import { run } from '../../agent/exec/run.ts'

/**
 * Table nat of ebtables as one text: chains in name order, rules in their own, no counters. Chains that libvirt made for a new
 * generation and has not renamed yet (J, P) stand under the names they will have (I, O).
 */
export async function kernelText(enter: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run(['ebtables-save'], { enter })
  if (status !== 0) throw new Error(stderr)
  const renamed = stdout.replace(
    /\b(libvirt-)?([JP])-(?=\w)/g,
    (_, root = '', side) => `${root}${side === 'J' ? 'I' : 'O'}-`,
  )
  const nat = renamed.slice(renamed.indexOf('*nat')).split('\n').slice(1)
  const end = nat.findIndex((line) => line.startsWith('*'))
  const lines = (end === -1 ? nat : nat.slice(0, end)).filter((line) => line !== '' && !line.startsWith('#'))
  const chains = lines.filter((line) => line.startsWith(':')).sort()
  const rules = chains.flatMap((chain) =>
    lines.filter((line) => line.startsWith(`-A ${chain.slice(1, chain.indexOf(' '))} `)),
  )
  return [...chains, ...rules].join('\n')
}
