'use client'

import { useEffect, useRef, useState } from 'react'
import type { EditorProblem, WorkerAnswer, WorkerRequest } from './worker-messages.ts'

type KnownFilters = readonly { readonly name: string; readonly xml: string }[]

/** The problems of a text, from the compiler in a worker. `undefined` until the first answer. */
export function useDiagnostics(
  name: string,
  text: string,
  known: KnownFilters | undefined,
): readonly EditorProblem[] | undefined {
  const worker = useRef<Worker>(undefined)
  const revision = useRef(0)
  const [problems, setProblems] = useState<readonly EditorProblem[]>()
  useEffect(() => {
    const created = new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module' })
    created.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => {
      // An answer about an older text would put marks at the wrong places.
      if (data.revision === revision.current) setProblems(data.problems)
    }
    worker.current = created
    return () => created.terminate()
  }, [])
  useEffect(() => {
    if (known === undefined) return
    const request: WorkerRequest = { kind: 'known', filters: known.filter((filter) => filter.name !== name) }
    worker.current?.postMessage(request)
  }, [known, name])
  // biome-ignore lint/correctness/useExhaustiveDependencies: other known filters change the problems of the same text
  useEffect(() => {
    revision.current += 1
    const request: WorkerRequest = { kind: 'diagnose', name, text, revision: revision.current }
    worker.current?.postMessage(request)
  }, [name, text, known])
  return problems
}
