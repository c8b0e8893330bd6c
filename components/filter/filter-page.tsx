'use client'

import { useQuery } from '@tanstack/react-query'
import type { inferRouterOutputs } from '@trpc/server'
import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'
import type { AppRouter } from '../../server/api/app-router.ts'
import { useTRPC } from '../shell/trpc.ts'
import { Badge } from '../ui/badge.tsx'
import { Loading } from '../ui/loading.tsx'
import type { EditorHandle } from './editor-handle.ts'
import { ProblemsList } from './problems-list.tsx'
import { SaveNotice } from './save-notice.tsx'
import { useDiagnostics } from './use-diagnostics.ts'
import { useProblemKeys } from './use-problem-keys.ts'
import { useSaving } from './use-saving.ts'
import { UsedBy } from './used-by.tsx'
import { VersionList } from './version-list.tsx'

export type FilterDetail = inferRouterOutputs<AppRouter>['filter']['get']

const MonacoEditor = dynamic(() => import('./monaco-editor.tsx'), { ssr: false, loading: () => <Loading /> })

/** One filter: its text, what is wrong with it, and who uses it. */
export function FilterPage({ initial }: { initial: FilterDetail }) {
  const trpc = useTRPC()
  const detail = useQuery(trpc.filter.get.queryOptions({ name: initial.name }, { initialData: initial })).data
  const known = useQuery(trpc.filter.texts.queryOptions()).data
  const [text, setText] = useState(initial.xml)
  const [editor, setEditor] = useState<EditorHandle>()
  const problems = useDiagnostics(initial.name, text, known)
  const saving = useSaving({ name: initial.name, version: initial.version, xml: initial.xml }, text, editor)
  useProblemKeys(problems, editor)
  useEffect(() => {
    const line = /^#L(\d+)$/.exec(window.location.hash)?.[1]
    if (line !== undefined) editor?.reveal(Number(line), 1)
  }, [editor])
  return (
    <>
      <div className="page-head">
        <h1>{detail.name}</h1>
        {detail.builtin && <Badge title="Comes with every libvirt host">built-in</Badge>}
        <Badge title={`Chain ${detail.chain}, priority ${detail.chainPriority}`}>chain {detail.chain}</Badge>
        <Badge>version {saving.version}</Badge>
        {saving.isChanged && (
          <Badge tone="warn" sign="●">
            not saved
          </Badge>
        )}
        <span className="grow" />
        <button
          type="button"
          className="button"
          data-kind="primary"
          disabled={!saving.isChanged || saving.isSaving}
          onClick={saving.save}
        >
          Save as new version
        </button>
      </div>
      <SaveNotice saving={saving} nics={detail.usedBy.nics} onTakeTheirs={(xml) => editor?.setText(xml)} />
      <div className="editor-layout">
        <div className="editor-frame">
          <MonacoEditor
            name={initial.name}
            initialText={initial.xml}
            problems={problems ?? []}
            onChange={setText}
            onReady={setEditor}
          />
          <div className="editor-foot">
            <span>
              <kbd>Ctrl S</kbd> saves; the kernel changes only when a NIC is applied
            </span>
            <span>
              <kbd>Ctrl M</kbd> lets Tab leave the editor
            </span>
            <span>
              <kbd>F8</kbd> next problem
            </span>
          </div>
        </div>
        <aside className="rail" aria-label="About this filter">
          <ProblemsList problems={problems} editor={editor} />
          <UsedBy name={detail.name} usedBy={detail.usedBy} references={detail.references} />
          <VersionList name={detail.name} versions={detail.versions} onLoad={(xml) => editor?.setText(xml)} />
        </aside>
      </div>
    </>
  )
}
