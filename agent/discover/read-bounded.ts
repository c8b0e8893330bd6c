import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** A binding of libvirt has about a kilobyte; one with thousands of addresses some hundred. */
const MOST_BYTES = 1_000_000
const WORDS: Readonly<Record<string, string>> = {
  ELOOP: 'a symbolic link is not followed',
  ENOENT: 'it is gone',
  EACCES: 'it may not be read',
}

/**
 * The text of a regular file that is no larger than a binding can be. What was opened is what is looked at, so that nothing can be put in
 * its place meanwhile; nothing that would wait, such as a pipe, is waited for. Never throws for what it finds.
 */
export function readBounded(file: string): { readonly text: string } | { readonly problem: string } {
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    if (!fstatSync(descriptor).isFile()) return { problem: 'it is no regular file' }
    // It may grow while it is read: one byte more than may be is enough to know.
    const buffer = Buffer.allocUnsafe(Math.min(fstatSync(descriptor).size, MOST_BYTES) + 1)
    let length = 0
    for (let got = -1; got !== 0 && length < buffer.length; length += got)
      got = readSync(descriptor, buffer, length, buffer.length - length, null)
    if (length > MOST_BYTES) return { problem: `it has more than ${MOST_BYTES} bytes` }
    if (length === buffer.length) return { problem: 'it grew while it was read' }
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, length)) }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    if (error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { problem: 'it is no UTF-8' }
    return { problem: WORDS[String(error.code)] ?? error.message }
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
