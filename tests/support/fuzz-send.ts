import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import type { FuzzMessage } from './fuzz-messages.ts'

/** What came of a message. `reset`: the connection ended without an answer. `milliseconds` until it ended. */
export type FuzzAnswer = { readonly status: number | 'reset'; readonly text: string; readonly milliseconds: number }

const PATIENCE_MS = 60_000

/** Sends messages to a socket; requests share connections. */
export function openFuzzSender(socketPath: string, mostConnections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: mostConnections })
  return {
    send: (message: FuzzMessage): Promise<FuzzAnswer> =>
      message.kind === 'bytes' ? sendBytes(socketPath, message) : sendRequest(socketPath, agent, message),
    close: () => agent.destroy(),
  }
}

function sendRequest(
  socketPath: string,
  agent: Agent,
  { method, path, type, body, isCutOff = false }: Extract<FuzzMessage, { kind: 'request' }>,
): Promise<FuzzAnswer> {
  const start = performance.now()
  return new Promise((resolve, reject) => {
    const end = (status: FuzzAnswer['status'], text: string) => {
      clearTimeout(late)
      resolve({ status, text, milliseconds: performance.now() - start })
    }
    const headers = { ...(type === undefined ? {} : { 'content-type': type }), ...lengthOf(body) }
    const sent = request({ socketPath, agent, method, path: path.replaceAll(/[^!-~]/g, '_'), headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        if (!isCutOff) return
        sent.destroy()
        end(response.statusCode ?? 'reset', text)
      })
      response.on('error', () => end('reset', text))
      response.on('end', () => end(response.statusCode ?? 'reset', text))
    })
    const late = setTimeout(() => {
      reject(new Error(`no answer to ${method} ${path.slice(0, 100)}`))
      sent.destroy()
    }, PATIENCE_MS)
    sent.on('error', () => end('reset', ''))
    sent.end(body)
  })
}

function lengthOf(body: Buffer | string | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
}

function sendBytes(
  socketPath: string,
  { bytes, isHeld = false, what }: Extract<FuzzMessage, { kind: 'bytes' }>,
): Promise<FuzzAnswer> {
  const start = performance.now()
  return new Promise((resolve, reject) => {
    const connection = connect({ path: socketPath, allowHalfOpen: true })
    let text = ''
    const late = setTimeout(() => {
      reject(new Error(`a connection with ${what} is not ended: ${bytes.toString('latin1').slice(0, 200)}`))
      connection.destroy()
    }, PATIENCE_MS)
    connection.on('data', (chunk) => {
      text += chunk.toString()
    })
    // That it ended is told by `close`.
    connection.on('error', () => undefined)
    connection.on('end', () => connection.end())
    connection.on('close', () => {
      clearTimeout(late)
      const status = /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]
      resolve({
        status: status === undefined ? 'reset' : Number(status),
        text,
        milliseconds: performance.now() - start,
      })
    })
    connection.write(bytes)
    if (!isHeld) connection.end()
  })
}
