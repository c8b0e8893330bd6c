'use client'

import { useEffect, useRef } from 'react'
import type { EditorHandle } from './editor-handle.ts'
import type { EditorProblem } from './worker-messages.ts'

/** F8 and Shift+F8 go through the problems, from wherever the focus is. */
export function useProblemKeys(problems: readonly EditorProblem[] | undefined, editor: EditorHandle | undefined): void {
  const at = useRef(-1)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'F8' || problems === undefined || problems.length === 0) return
      event.preventDefault()
      event.stopPropagation()
      at.current = (at.current + (event.shiftKey ? -1 : 1) + problems.length) % problems.length
      const problem = problems[at.current]
      if (problem !== undefined) editor?.reveal(problem.line, problem.column)
    }
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [problems, editor])
}
