'use client'

import { useEffect, useRef } from 'react'
import { useDark } from '../shell/use-dark.ts'
import type { EditorHandle } from './editor-handle.ts'
import { monaco } from './monaco-setup.ts'
import type { EditorProblem } from './worker-messages.ts'

type Props = {
  readonly name: string
  readonly initialText: string
  readonly problems: readonly EditorProblem[]
  readonly onChange: (text: string) => void
  readonly onReady: (handle: EditorHandle) => void
}

const SEVERITIES = { error: 8, warning: 4, info: 2 } as const

/** The XML editor; the text lives in it, and is told after each change. */
export default function MonacoEditor({ name, initialText, problems, onChange, onReady }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(undefined)
  const dark = useDark()
  const callbacks = useRef({ onChange, onReady })
  callbacks.current = { onChange, onReady }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once, and holds the text from then on
  useEffect(() => {
    if (box.current === null) return
    const created = monaco.editor.create(box.current, {
      value: initialText,
      language: 'xml',
      automaticLayout: true,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      fontSize: 13,
      lineHeight: 20,
      tabSize: 2,
      renderWhitespace: 'selection',
      renderFinalNewline: 'on',
      fixedOverflowWidgets: true,
      occurrencesHighlight: 'off',
      wordBasedSuggestions: 'off',
      padding: { top: 8, bottom: 8 },
      ariaLabel: `XML of filter ${name}. Press Ctrl M to let Tab leave the editor.`,
    })
    editor.current = created
    const listening = created.onDidChangeModelContent(() => callbacks.current.onChange(created.getValue()))
    callbacks.current.onReady(handleOf(created))
    return () => {
      listening.dispose()
      created.getModel()?.dispose()
      created.dispose()
    }
  }, [])
  useEffect(() => {
    monaco.editor.setTheme(dark ? 'sluice-dark' : 'sluice-light')
  }, [dark])
  useEffect(() => {
    const model = editor.current?.getModel()
    if (model === undefined || model === null) return
    monaco.editor.setModelMarkers(model, 'sluice', problems.map(toMarker))
  }, [problems])
  return <div ref={box} className="editor-box" data-testid="editor" />
}

function toMarker({
  severity,
  code,
  message,
  line,
  column,
  endLine,
  endColumn,
}: EditorProblem): monaco.editor.IMarkerData {
  return {
    severity: SEVERITIES[severity],
    code,
    message,
    source: 'sluice',
    startLineNumber: line,
    startColumn: column,
    endLineNumber: endLine,
    endColumn,
  }
}

function handleOf(editor: monaco.editor.IStandaloneCodeEditor): EditorHandle {
  const reveal = (line: number, column: number) => {
    editor.setPosition({ lineNumber: line, column })
    editor.revealLineInCenterIfOutsideViewport(line)
    editor.focus()
  }
  return {
    reveal,
    replace: (start, end, text) => {
      const model = editor.getModel()
      if (model === null) return
      const [from, to] = [model.getPositionAt(start), model.getPositionAt(end)]
      const range = new monaco.Range(from.lineNumber, from.column, to.lineNumber, to.column)
      editor.executeEdits('sluice', [{ range, text }])
      reveal(from.lineNumber, from.column)
    },
    getText: () => editor.getValue(),
    setText: (text) => editor.setValue(text),
  }
}
