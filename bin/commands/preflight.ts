import type { CommandModule, ExitStatus } from '../command.ts'

/** `sluice preflight`: what this kernel and these tools can do. */
export const command: CommandModule = {
  help: `sluice preflight [--json]

Tells what this kernel and the installed tools can do, what follows from anything missing, and what to install.
`,
  async run({ json }): Promise<ExitStatus> {
    const { preflight } = await import('../../agent/preflight/preflight.ts')
    const findings = await preflight()
    for (const { name, ok, detail, remedy } of findings) {
      if (json) process.stdout.write(`${JSON.stringify({ name, ok, detail, remedy })}\n`)
      else
        process.stdout.write(
          `${ok ? 'ok     ' : 'missing'} ${name}: ${detail}${ok || remedy === '' ? '' : `\n        ${remedy}`}\n`,
        )
    }
    return 0
  },
}
