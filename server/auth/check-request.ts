type RequestFacts = { readonly method: string; readonly headers: Headers; readonly allowedHosts: readonly string[] }

/**
 * Why a request is refused: a Host that is not ours (DNS rebinding), or a change asked for by another site (CSRF).
 * Undefined when it may go on.
 */
export function refusalOf({
  method,
  headers,
  allowedHosts,
}: RequestFacts): { readonly status: number; readonly message: string } | undefined {
  const host = headers.get('host') ?? ''
  if (!allowedHosts.includes(host)) return { status: 421, message: 'This console does not answer to that host name.' }
  if (method === 'GET' || method === 'HEAD') return undefined
  // Not a browser: it proves itself by a token that no other site can send.
  if (headers.get('authorization')?.startsWith('Bearer ')) return undefined
  const isOwn =
    headers.get('origin') === `http://${host}` && ['same-origin', null].includes(headers.get('sec-fetch-site'))
  return isOwn ? undefined : { status: 403, message: 'This request comes from another site.' }
}

/** The names of an instance that listens on the loopback address, and those the admin adds (comma separated). */
export function allowedHosts(port: string, added: string | undefined): readonly string[] {
  return [
    `127.0.0.1:${port}`,
    `localhost:${port}`,
    `[::1]:${port}`,
    ...(added ?? '').split(',').filter((name) => name !== ''),
  ]
}
