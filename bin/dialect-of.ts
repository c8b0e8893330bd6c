import { UsageError } from './command.ts'

export type DialectName = 'libvirt' | 'strict'

/** The value of `--dialect`; libvirt without one. */
export function dialectOf(value: string | undefined): DialectName {
  if (value === undefined || value === 'libvirt' || value === 'strict') return value ?? 'libvirt'
  throw new UsageError(`--dialect is libvirt or strict, not ${value}`)
}

/** A command that takes exactly one file. */
export function oneFile(positionals: readonly string[]): string {
  const [file] = positionals
  if (file === undefined || positionals.length !== 1) throw new UsageError('exactly one file is needed')
  return file
}
