'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { Dialog } from '../ui/dialog.tsx'

const KEYS = [
  ['/', 'Focus the filter box'],
  ['g f', 'Go to filters'],
  ['g g', 'Go to the graph'],
  ['g n', 'Go to NICs'],
  ['g h', 'Go to hosts'],
  ['j  k', 'Next and previous row; Enter opens it'],
  ['Ctrl S', 'Save the filter as a new version'],
  ['F8  Shift F8', 'Next and previous problem'],
  ['Ctrl M', 'In the editor: Tab moves the focus instead of indenting'],
  ['Esc', 'Close the top layer'],
  ['?', 'This list'],
] as const
const PLACES: Readonly<Record<string, string>> = { f: '/filters', g: '/graph', n: '/nics', h: '/hosts' }

/** Single-letter keys, silent in inputs and the editor, and the list of them. */
export function Shortcuts() {
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const pending = useRef(0)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const place = Date.now() - pending.current < 1200 ? PLACES[event.key] : undefined
      pending.current = 0
      if (place !== undefined) router.push(place)
      else if (event.key === 'g') pending.current = Date.now()
      else if (event.key === '?') setOpen(true)
      else if (event.key === '/') {
        const box = document.querySelector<HTMLInputElement>('input[type="search"]')
        if (box === null) return
        event.preventDefault()
        box.focus()
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [router])
  return (
    <>
      <button
        type="button"
        className="button keys-button"
        data-kind="quiet"
        data-size="small"
        onClick={() => setOpen(true)}
      >
        Keys <kbd>?</kbd>
      </button>
      <Dialog title="Keyboard shortcuts" open={open} onClose={() => setOpen(false)}>
        <div className="body">
          <h2>Keyboard shortcuts</h2>
          <dl className="keys">
            {KEYS.map(([keys, does]) => (
              <div key={keys} style={{ display: 'contents' }}>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
          <div className="actions">
            <button type="button" className="button" onClick={() => setOpen(false)}>
              Close
            </button>
          </div>
        </div>
      </Dialog>
    </>
  )
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.closest('input, select, textarea, dialog, .monaco-editor') !== null || target.isContentEditable)
  )
}
