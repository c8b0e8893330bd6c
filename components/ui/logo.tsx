/** A gate above water. */
export function Logo() {
  return (
    <svg
      viewBox="0 0 24 24"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M3 5v14M21 5v14M3 9h18M8 9v5M12 9v5M16 9v5M3 19c2-2 4-2 6 0s4 2 6 0 4-2 6 0" />
    </svg>
  )
}
