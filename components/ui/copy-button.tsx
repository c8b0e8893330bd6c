'use client'

import { useState } from 'react'

/** Puts a text on the clipboard. `what` names it for those who do not see what the button stands beside. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [said, setSaid] = useState('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setSaid('Copied')
    } catch {
      // Without https a browser has no clipboard for pages of other machines.
      setSaid('The browser does not allow it: select the text')
    }
  }
  return (
    <>
      <button type="button" className="button" data-kind="quiet" data-size="small" onClick={copy}>
        Copy<span className="visually-hidden"> {what}</span>
      </button>
      <span className="small muted" role="status">
        {said}
      </span>
    </>
  )
}
