import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { isSignedIn } from '../auth/session-of.ts'
import { createCaller } from './app-router.ts'

/** The API for a page that renders on the server; without a session the browser is sent to sign in. */
export async function serverApi(): Promise<ReturnType<typeof createCaller>> {
  if (!(await isSignedIn(await headers()))) redirect('/sign-in')
  return createCaller({ signedIn: true })
}
