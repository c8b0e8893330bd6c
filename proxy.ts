import { randomBytes } from 'node:crypto'
import { type NextRequest, NextResponse } from 'next/server'
import { allowedHosts, refusalOf } from './server/auth/check-request.ts'
import { contentSecurityPolicy, SECURITY_HEADERS } from './server/auth/security-headers.ts'

/** Stands before every request: refuses foreign hosts and origins, and gives every response its security headers. */
export function proxy(request: NextRequest): NextResponse {
  const hosts = allowedHosts(process.env.SLUICE_PORT ?? '3000', process.env.SLUICE_ALLOWED_HOSTS)
  const refusal = refusalOf({ method: request.method, headers: request.headers, allowedHosts: hosts })
  if (refusal !== undefined) return new NextResponse(`${refusal.message}\n`, { status: refusal.status })
  const nonce = randomBytes(16).toString('base64')
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === 'development')
  // Next reads the nonce from the request's own policy and puts it on its scripts.
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('Content-Security-Policy', policy)
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value)
  return response
}
