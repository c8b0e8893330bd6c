'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { RefusalDetail } from '../../server/api/trpc.ts'
import { useTRPC } from '../shell/trpc.ts'
import type { EditorHandle } from './editor-handle.ts'

export type Saving = {
  readonly version: number
  readonly isChanged: boolean
  readonly isSaving: boolean
  /** The version of the last save that went through here. */
  readonly saved: number | undefined
  readonly message: string | undefined
  readonly detail: RefusalDetail | undefined
  readonly save: () => void
  /** After a conflict: go on from the version that is stored now. */
  readonly rebase: (version: number, xml: string) => void
}

/** Saves the text as the next version; Ctrl+S does it too, and leaving with unsaved changes asks. */
export function useSaving(
  stored: { readonly name: string; readonly version: number; readonly xml: string },
  text: string,
  editor: EditorHandle | undefined,
): Saving {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [base, setBase] = useState({ version: stored.version, xml: stored.xml })
  const [saved, setSaved] = useState<number>()
  const define = useMutation(
    trpc.filter.define.mutationOptions({
      onSuccess: ({ version }, { xml }) => {
        setBase({ version, xml })
        setSaved(version)
        void queries.invalidateQueries()
      },
    }),
  )
  const isChanged = text !== base.xml
  const save = () => {
    setSaved(undefined)
    const xml = editor?.getText() ?? text
    if (xml !== base.xml && !define.isPending) define.mutate({ name: stored.name, xml, expected: base.version })
  }
  const latest = useRef(save)
  latest.current = save
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [])
  useEffect(() => {
    if (!isChanged) return
    const onLeave = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', onLeave)
    return () => window.removeEventListener('beforeunload', onLeave)
  }, [isChanged])
  return {
    version: base.version,
    isChanged,
    isSaving: define.isPending,
    saved,
    message: define.error?.message,
    detail: define.error?.data?.detail ?? undefined,
    save,
    rebase: (version, xml) => {
      setBase({ version, xml })
      define.reset()
    },
  }
}
