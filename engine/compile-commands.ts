import { printCommands } from './backends/ebiptables/print-commands.ts'
import { printLearning } from './backends/ebiptables/print-learning.ts'
import type { Command } from './backends/ebiptables/words.ts'
import { type CompileInput, compileBinding } from './compile-binding.ts'
import type { Staged } from './diagnostics/diagnostic.ts'
import { hasErrors } from './diagnostics/report.ts'
import { instantiate } from './instantiate/instantiate.ts'

/** Every command libvirt runs to install a binding: a new generation, or the temporary rules while it learns the address. */
export function compileCommands(input: CompileInput): Staged<readonly Command[]> {
  const { value, diagnostics } = compileBinding(input)
  if (value !== undefined) return { value: printCommands(value.ruleset), diagnostics }
  const learning = hasErrors(diagnostics) ? undefined : instantiate(input.filters, input.binding).value?.learning
  return { value: learning === undefined ? undefined : printLearning(input.binding, learning), diagnostics }
}
