/** The words of a command line as libvirt prints it: single quotes around what a shell would interpret. */
export function splitCommand(line: string): readonly string[] {
  return (line.match(/(?:'[^']*'|\\.|[^\s'\\])+/g) ?? []).map((word) =>
    word.replace(/'([^']*)'|\\(.)/g, (_, quoted?: string, escaped?: string) => quoted ?? escaped ?? ''),
  )
}
