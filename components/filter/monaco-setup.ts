import * as monaco from 'monaco-editor/editor/editor.api'
import 'monaco-editor/features/codeEditor/register'
import 'monaco-editor/features/hover/register'
import 'monaco-editor/features/find/register'
import 'monaco-editor/features/gotoError/register'
import 'monaco-editor/features/bracketMatching/register'
import 'monaco-editor/features/folding/register'
import 'monaco-editor/features/codicon/register'
import 'monaco-editor/languages/definitions/xml/register'

self.MonacoEnvironment = {
  getWorker: () => new Worker(new URL('monaco-editor/editor/editor.worker', import.meta.url), { type: 'module' }),
}

// Monaco's own themes fall short of 4.5:1 for XML attribute names.
monaco.editor.defineTheme('sluice-light', {
  base: 'vs',
  inherit: true,
  rules: [
    { token: 'tag.xml', foreground: '0b4f8f' },
    { token: 'metatag.xml', foreground: '0b4f8f' },
    { token: 'attribute.name.xml', foreground: '8a3b00' },
    { token: 'attribute.value.xml', foreground: '14692f' },
    { token: 'comment.xml', foreground: '56616c' },
    { token: 'comment.content.xml', foreground: '56616c' },
    { token: 'delimiter.xml', foreground: '4d5863' },
  ],
  colors: {
    'editor.background': '#ffffff',
    'editorLineNumber.foreground': '#5f6b76',
    'editorLineNumber.activeForeground': '#1a2129',
  },
})
monaco.editor.defineTheme('sluice-dark', {
  base: 'vs-dark',
  inherit: true,
  rules: [
    { token: 'tag.xml', foreground: '79b4f2' },
    { token: 'metatag.xml', foreground: '79b4f2' },
    { token: 'attribute.name.xml', foreground: 'f0c06a' },
    { token: 'attribute.value.xml', foreground: '8fdca7' },
    { token: 'comment.xml', foreground: 'a0abb6' },
    { token: 'comment.content.xml', foreground: 'a0abb6' },
    { token: 'delimiter.xml', foreground: 'aab5c0' },
  ],
  colors: {
    'editor.background': '#1a2027',
    'editorLineNumber.foreground': '#94a0ab',
    'editorLineNumber.activeForeground': '#e7ebef',
  },
})

export { monaco }
