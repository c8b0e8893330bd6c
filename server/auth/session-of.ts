import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasSession } from '../store/sessions.ts'
import { dataDir } from '../store/store.ts'
import { hashToken, isSameToken } from './tokens.ts'

/** The port is part of the name: cookies do not know ports, and two instances may run on one machine. */
export const SESSION_COOKIE = `sluice_session_${process.env.SLUICE_PORT ?? '3000'}`

/** Who asks: by the cookie of a browser, or by the token file of the local command line. */
export async function isSignedIn(headers: Headers): Promise<boolean> {
  const bearer = /^Bearer (\S+)$/.exec(headers.get('authorization') ?? '')?.[1]
  if (bearer !== undefined) return isLocalToken(bearer)
  const cookie = (headers.get('cookie') ?? '').split(/;\s*/).find((pair) => pair.startsWith(`${SESSION_COOKIE}=`))
  return cookie !== undefined && hasSession(hashToken(cookie.slice(SESSION_COOKIE.length + 1)), new Date())
}

function isLocalToken(bearer: string): boolean {
  const file = join(dataDir(), 'token')
  return existsSync(file) && isSameToken(bearer, readFileSync(file, 'utf8').trim())
}
