/** What the page may do with the editor. Lines and columns from 1, offsets in UTF-16 code units. */
export type EditorHandle = {
  readonly reveal: (line: number, column: number) => void
  readonly replace: (start: number, end: number, text: string) => void
  /** What stands in the editor this moment; what the page was told of it may be a keystroke older. */
  readonly getText: () => string
  readonly setText: (text: string) => void
}
