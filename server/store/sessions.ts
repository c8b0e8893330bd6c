import type { Store } from './open-store.ts'
import { store } from './store.ts'

/** Notes a sign-in link by the hash of its token. */
export async function createSignInToken(database: Store, hash: string, expiresAt: Date): Promise<void> {
  await database.signInToken.create({ data: { hash, expiresAt } })
}

/** Uses a sign-in link up; false when it is unknown, used or too old. Of two at once only one succeeds. */
export async function redeemSignInToken(hash: string, now: Date): Promise<boolean> {
  const { count } = await store().signInToken.updateMany({
    where: { hash, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  })
  return count === 1
}

export async function createSession(hash: string, expiresAt: Date): Promise<void> {
  await store().session.create({ data: { hash, expiresAt } })
}

export async function hasSession(hash: string, now: Date): Promise<boolean> {
  return (await store().session.findFirst({ where: { hash, expiresAt: { gt: now } } })) !== null
}
