import { TRPCError } from '@trpc/server'

/** The answer, or undefined where the API says NOT_FOUND; any other failure is thrown on. */
export async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof TRPCError && error.code === 'NOT_FOUND') return undefined
    throw error
  }
}
