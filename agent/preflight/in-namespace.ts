/** A command in a network namespace of its own, which ends with it: nothing of the host is touched. */
export function inNamespace(...command: readonly string[]): readonly string[] {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
  return ['unshare', ...user, '--net', '--', ...command]
}
