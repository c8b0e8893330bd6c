/** Who sends: the side that began the connection, or the other. */
export type Direction = 'original' | 'reply'
