import { parseArgs } from 'node:util'
import type { Finding } from '../../agent/preflight/finding.ts'
import type { CommandModule, ExitStatus } from '../command.ts'

/** `sluice preflight`: what this kernel, these tools and these NICs can do. */
export const command: CommandModule = {
  help: `sluice preflight [--json] [PORTDEV …]

Tells what this kernel and the installed tools can do, who else judges frames on this host, what follows from anything missing,
and what to do about it; and for each PORTDEV, whether rules see its frames. Looks, and changes nothing.
`,
  async run({ args, json }): Promise<ExitStatus> {
    const { positionals } = parseArgs({ args, allowPositionals: true })
    const { preflight } = await import('../../agent/preflight/preflight.ts')
    const findings = await preflight({ portDevices: positionals.map((portDevice) => ({ portDevice })) })
    if (json) for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`)
    else process.stdout.write(table(findings))
    return 0
  },
}

const SEVERITY_WIDTH = 'warning'.length

/** A line for each finding, in columns, and one below it for what to do. */
function table(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map((finding) => titleOf(finding).length))
  const lines = findings.flatMap((finding) => {
    const { severity, detail, remedy } = finding
    const indent = ' '.repeat(SEVERITY_WIDTH + width + 4)
    return [
      `${severity.padEnd(SEVERITY_WIDTH)}  ${titleOf(finding).padEnd(width)}  ${detail}`,
      ...(remedy === '' ? [] : [`${indent}→ ${remedy}`]),
    ]
  })
  return lines.map((line) => `${line}\n`).join('')
}

function titleOf({ name, portDevice }: Finding): string {
  return portDevice === undefined ? name : `${portDevice}: ${name}`
}
