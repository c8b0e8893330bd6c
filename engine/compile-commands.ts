import { printCommands } from './backends/ebiptables/print-commands.ts'
import { printLearning } from './backends/ebiptables/print-learning.ts'
import type { Command } from './backends/ebiptables/words.ts'
import { type CompileInput, compileBinding, type KnownShapes } from './compile-binding.ts'
import type { Staged } from './diagnostics/diagnostic.ts'

/** Every command libvirt runs to install a binding: a new generation, or the temporary rules while it learns the address. */
export function compileCommands(input: CompileInput, known?: KnownShapes): Staged<readonly Command[]> {
  const { value, diagnostics, learning } = compileBinding(input, known)
  if (value !== undefined) return { value: printCommands(value.ruleset), diagnostics }
  return { value: learning === undefined ? undefined : printLearning(input.binding, learning), diagnostics }
}
