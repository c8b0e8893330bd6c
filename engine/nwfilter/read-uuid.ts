/** A UUID in its usual form, or undefined. Hyphens may stand anywhere between the pairs, blanks around. */
export function readUuid(text: string): string | undefined {
  const body = text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '')
  if (!/^-*(?:[0-9a-fA-F]{2}-*){15}[0-9a-fA-F]{2}$/.test(body)) return undefined
  const hex = body.replaceAll('-', '').toLowerCase()
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
