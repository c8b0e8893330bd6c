import { createSession, redeemSignInToken } from '../store/sessions.ts'
import { SESSION_COOKIE } from './session-of.ts'
import { hashToken, makeToken } from './tokens.ts'

const SESSION_SECONDS = 7 * 24 * 60 * 60

/** Uses a sign-in token up and returns the cookie of a new session; undefined for a token that is unknown, used or too old. */
export async function signIn(token: string): Promise<string | undefined> {
  const now = new Date()
  if (!(await redeemSignInToken(hashToken(token), now))) return undefined
  const secret = makeToken()
  await createSession(hashToken(secret), new Date(now.getTime() + SESSION_SECONDS * 1000))
  return `${SESSION_COOKIE}=${secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_SECONDS}`
}
