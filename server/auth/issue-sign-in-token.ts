import type { Store } from '../store/open-store.ts'
import { createSignInToken } from '../store/sessions.ts'
import { hashToken, makeToken } from './tokens.ts'

const LIFETIME_MS = 24 * 60 * 60 * 1000

/** Makes the token of a sign-in link: good once, for 24 hours. */
export async function issueSignInToken(database: Store): Promise<string> {
  const token = makeToken()
  await createSignInToken(database, hashToken(token), new Date(Date.now() + LIFETIME_MS))
  return token
}
