'use client'

import { type ReactNode, useEffect, useRef } from 'react'

/** A modal dialog of the browser: it keeps focus inside, Escape closes it, focus goes back where it was. */
export function Dialog({
  title,
  open,
  onClose,
  children,
}: {
  title: string
  open: boolean
  onClose: () => void
  children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal()
    if (!open && dialog.current?.open) dialog.current.close()
  }, [open])
  return (
    <dialog ref={dialog} className="dialog" aria-label={title} onClose={onClose}>
      {open && children}
    </dialog>
  )
}
