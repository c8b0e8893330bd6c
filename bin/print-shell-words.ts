/** Commands for people to read and paste, one a line; what a shell would interpret stands in quotes. Never run by us. */
export function printShellWords(commands: readonly (readonly string[])[]): string {
  return commands.map((command) => `${command.map(quote).join(' ')}\n`).join('')
}

function quote(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
