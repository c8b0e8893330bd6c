/** Rows that keep the place of what is being loaded. */
export function Loading() {
  return (
    <div role="status">
      <span className="visually-hidden">Loading</span>
      {[0, 1, 2, 3, 4, 5].map((row) => (
        <div key={row} className="skeleton" />
      ))}
    </div>
  )
}
