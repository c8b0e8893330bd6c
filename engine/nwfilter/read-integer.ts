/** A signed 32-bit decimal as C reads it: leading blanks and a sign are fine, nothing may follow. */
export function readInteger(text: string): number | undefined {
  if (!/^[ \t\n\v\f\r]*[+-]?\d+$/.test(text)) return undefined
  const value = Number(text)
  return value >= -(2 ** 31) && value < 2 ** 31 ? value + 0 : undefined
}
