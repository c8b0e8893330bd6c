import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A secret of 256 bits that is safe in a URL and a cookie. */
export function makeToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored of a secret. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Compares two secrets in a time that tells nothing about them. */
export function isSameToken(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashToken(a)), Buffer.from(hashToken(b)))
}
