import type { Metadata } from 'next'
import { SignIn } from '../../components/shell/sign-in.tsx'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string; refused?: string }>
}) {
  const { token, refused } = await searchParams
  return <SignIn token={typeof token === 'string' ? token : undefined} refused={refused !== undefined} />
}
