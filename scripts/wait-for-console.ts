import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves when the console answers on its port. */
export async function waitForConsole(port: number): Promise<'ready'> {
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/sign-in`, { redirect: 'manual' })
      if (response.status < 500) return 'ready'
    } catch (error) {
      // Nobody listens yet; anything else is worth an end.
      if (!(error instanceof TypeError)) throw error
    }
    await sleep(50)
  }
}
