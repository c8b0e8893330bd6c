'use client'

import { useEffect, useRef } from 'react'
import { Logo } from '../ui/logo.tsx'

/** Sends the token of the link on by itself: a program that only fetches links must not use it up. */
export function SignIn({ token, refused }: { token: string | undefined; refused: boolean }) {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (token !== undefined) form.current?.requestSubmit()
  }, [token])
  return (
    <main className="sign-in card">
      <span className="brand">
        <Logo /> Sluice
      </span>
      <h1>{token === undefined ? 'Sign in' : 'Signing in'}</h1>
      {refused && (
        <div className="notice" data-tone="warn" role="alert">
          This link has been used already, or is older than 24 hours.
        </div>
      )}
      {token === undefined ? (
        <p>
          Open the link that <code>npm start</code> printed. It is good once; <code>bin/sluice sign-in-link</code>{' '}
          prints another.
        </p>
      ) : (
        <form ref={form} method="post" action="/sign-in/redeem">
          <input type="hidden" name="token" value={token} />
          <button type="submit" className="button" data-kind="primary">
            Continue
          </button>
        </form>
      )}
    </main>
  )
}
