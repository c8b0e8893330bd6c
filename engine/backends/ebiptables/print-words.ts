import type { Command } from './words.ts'

/** Characters that no shell interprets. */
const SAFE = /^[\w./:@%+=,-]+$/

/** Commands for people to read and paste, one a line; what a shell would interpret stands in quotes. */
export function printWords(commands: readonly Command[]): string {
  return commands.map((command) => `${command.map(quoteWord).join(' ')}\n`).join('')
}

/** A word as a shell reads it back: in single quotes where one of its characters means something to a shell. */
export function quoteWord(word: string): string {
  return isSafeWord(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** No character of the word means anything to a shell; the empty word does. */
export function isSafeWord(word: string): boolean {
  return SAFE.test(word)
}
