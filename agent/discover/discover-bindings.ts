import { basename } from 'node:path'
import { parseBinding, parseDocument, positionAt } from '#engine'
import { listFiles } from './list-files.ts'
import { readBounded } from './read-bounded.ts'

/** `libvirt`: its status files, one a NIC, called after the NIC. `file`: bindings that the admin or another hypervisor wrote. */
type BindingFolder = { readonly path: string; readonly origin: 'libvirt' | 'file' }

/** A binding that stands in a file. `xml` is the `<filterbinding>` alone, whatever was around it. */
type FoundBinding = {
  readonly portDevice: string
  readonly xml: string
  readonly origin: BindingFolder['origin']
  readonly file: string
}
type Problem = { readonly problem: string }
type Discovered = {
  readonly bindings: readonly FoundBinding[]
  /** For people, `FILE: WHY` or `FILE:LINE:COLUMN: CODE MESSAGE`: a file with one gives no binding. */
  readonly problems: readonly string[]
}

/** What the kernel takes for the name of a device, and libvirt for that of a file. dev_valid_name() in net/core/dev.c */
const DEVICE = /^(?!\.\.?$)[^/:\s\p{Cc}]{1,15}$/u
const MOST_BYTES = 15

/**
 * Reads every binding of these folders, in the order of the folders and of their file names; of two for the same NIC the first.
 * A folder that is not there has none. Never throws for what it finds. Spec 8.1, 8.4.
 */
export function discoverBindings(folders: readonly BindingFolder[]): Discovered {
  const bindings = new Map<string, FoundBinding>()
  const problems: string[] = []
  for (const { path, origin } of folders) {
    const listed = listFiles(path, '.xml')
    problems.push(...listed.problems)
    for (const file of listed.files) {
      const found = readBinding(file, origin)
      if ('problem' in found) problems.push(found.problem)
      else {
        const earlier = bindings.get(found.portDevice)
        if (earlier === undefined) bindings.set(found.portDevice, found)
        else problems.push(`${file}: ${found.portDevice} has its binding from ${earlier.file} already`)
      }
    }
  }
  return { bindings: [...bindings.values()], problems }
}

function readBinding(file: string, origin: BindingFolder['origin']): FoundBinding | Problem {
  const read = readBounded(file)
  if ('problem' in read) return { problem: `${file}: ${read.problem}` }
  const { text } = read
  const inner = unwrap(text, file)
  if ('problem' in inner) return inner
  const { value, diagnostics } = parseBinding(inner.xml, `binding:${file}`)
  const error = diagnostics.find(({ severity }) => severity === 'error')
  if (value === undefined || error !== undefined)
    return { problem: say(file, text, inner.start + (error?.span.start ?? 0), error) }
  const { portDevice } = value
  if (!DEVICE.test(portDevice) || Buffer.byteLength(portDevice) > MOST_BYTES)
    return { problem: `${file}: “${shown(portDevice)}” cannot be the name of a device` }
  if (origin === 'libvirt' && basename(file) !== `${portDevice}.xml`)
    return { problem: `${file}: libvirt calls a binding of ${portDevice} ${portDevice}.xml` }
  return { portDevice, xml: inner.xml, origin, file }
}

/** The binding inside of a status file, or the text itself; `start` is where it begins in the file. */
function unwrap(text: string, file: string): { readonly xml: string; readonly start: number } | Problem {
  const { value, diagnostics } = parseDocument(text, `binding:${file}`)
  const root = value?.root
  const error = diagnostics.find(({ severity }) => severity === 'error')
  if (root === undefined || error !== undefined) return { problem: say(file, text, error?.span.start ?? 0, error) }
  if (root.name !== 'filterbindingstatus') return { xml: text, start: 0 }
  const inner = root.children.find((child) => child.kind === 'element' && child.name === 'filterbinding')
  if (inner === undefined) return { problem: `${file}: filter binding status missing content` }
  return { xml: text.slice(inner.span.start, inner.span.end), start: inner.span.start }
}

function say(
  file: string,
  text: string,
  at: number,
  error: { readonly code: string; readonly message: string } | undefined,
) {
  const { line, column } = positionAt(text, at)
  return `${file}:${line}:${column}: ${error === undefined ? 'no binding' : `${error.code} ${shown(error.message)}`}`
}

/** Problems go into logs: one line each, of a bounded length. */
function shown(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd').slice(0, 300)
}
