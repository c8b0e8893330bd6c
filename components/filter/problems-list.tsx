'use client'

import { Badge } from '../ui/badge.tsx'
import type { EditorHandle } from './editor-handle.ts'
import type { EditorProblem } from './worker-messages.ts'

const SIGNS = { error: ['bad', '✕'], warning: ['warn', '!'], info: ['plain', 'i'] } as const

function worstTone(problems: readonly EditorProblem[]) {
  const worst = (['error', 'warning', 'info'] as const).find((severity) =>
    problems.some((problem) => problem.severity === severity),
  )
  return SIGNS[worst ?? 'info'][0]
}

/** Every problem of the text: a click goes there, a fix changes the text. */
export function ProblemsList({
  problems,
  editor,
}: {
  problems: readonly EditorProblem[] | undefined
  editor: EditorHandle | undefined
}) {
  return (
    <section className="card" aria-label="Problems">
      <header>
        <h2>Problems</h2>
        <span className="grow" />
        <span role="status">
          {problems === undefined ? (
            <span className="muted">checking</span>
          ) : problems.length === 0 ? (
            <Badge tone="good" sign="✓">
              none
            </Badge>
          ) : (
            <Badge tone={worstTone(problems)}>{problems.length}</Badge>
          )}
        </span>
      </header>
      <ul>
        {(problems ?? []).map((problem) => (
          <li className="problem" key={`${problem.code} ${problem.line}:${problem.column} ${problem.message}`}>
            <button type="button" className="problem-jump" onClick={() => editor?.reveal(problem.line, problem.column)}>
              {problem.message}
            </button>
            <div className="problem-meta">
              <Badge tone={SIGNS[problem.severity][0]} sign={SIGNS[problem.severity][1]}>
                {problem.severity}
              </Badge>
              <code>{problem.code}</code>
              <span>
                line {problem.line}:{problem.column}
              </span>
              {problem.fixes.length > 0 && (
                <div className="problem-fixes">
                  {problem.fixes.map((fix) => (
                    <button
                      key={fix.title}
                      type="button"
                      className="button"
                      data-size="small"
                      onClick={() => editor?.replace(fix.start, fix.end, fix.text)}
                    >
                      {fix.title}
                    </button>
                  ))}
                </div>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
