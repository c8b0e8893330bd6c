import { signIn } from '../../../server/auth/sign-in.ts'

export const dynamic = 'force-dynamic'

/** Takes the token of a sign-in link; only a form of our own page reaches this, the proxy checks the origin. */
export async function POST(request: Request): Promise<Response> {
  const token = (await request.formData()).get('token')
  const cookie = typeof token === 'string' ? await signIn(token) : undefined
  const headers = new Headers({
    Location: cookie === undefined ? '/sign-in?refused' : '/filters',
    'Cache-Control': 'no-store',
  })
  if (cookie !== undefined) headers.set('Set-Cookie', cookie)
  return new Response(null, { status: 303, headers })
}
