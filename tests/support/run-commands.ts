import type { Command } from '#engine'
import { run } from '../../agent/exec/run.ts'

/**
 * Runs commands one after another where `enter` leads, and says of those that failed why; none of those whose errors libvirt
 * ignores: it removes what may not be there, and creates its shared chains again. Spec 5.3.
 */
export async function runCommands(commands: readonly Command[], enter: readonly string[]): Promise<readonly string[]> {
  const failures: string[] = []
  for (const command of commands) {
    const { status, stderr } = await run([...command], { enter })
    if (status !== 0 && !isIgnored(command)) failures.push(`${command.join(' ')}: ${stderr.trim()}`)
  }
  return failures
}

function isIgnored(command: Command): boolean {
  const at = command.findIndex((word) => /^-[A-Z]$/.test(word))
  const [operation = '', chain = ''] = command.slice(at)
  if (operation === '-N') return command[0] !== 'ebtables' && chain.startsWith('libvirt-')
  return ['-D', '-F', '-X', '-L'].includes(operation)
}
