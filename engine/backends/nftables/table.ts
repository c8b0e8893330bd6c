/** The name of our tables, in all families. */
export const TABLE = 'sluice'
