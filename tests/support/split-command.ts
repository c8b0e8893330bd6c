/**
 * The words of a command line as libvirt prints it: single quotes around what a shell would interpret, and in its own test
 * data a line break after a backslash. Blanks of other alphabets separate nothing and stand unquoted in libvirt's output.
 */
export function splitCommand(line: string): readonly string[] {
  return (line.replaceAll(' \\\n', ' ').match(/(?:'[^']*'|\\.|[^ \t\n'\\])+/g) ?? []).map((word) =>
    word.replace(/'([^']*)'|\\(.)/g, (_, quoted?: string, escaped?: string) => quoted ?? escaped ?? ''),
  )
}
