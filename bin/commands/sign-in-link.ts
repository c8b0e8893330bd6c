import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { CommandModule } from '../command.ts'

/** `sluice sign-in-link`: a fresh one-time link. */
export const command: CommandModule = {
  help: `sluice sign-in-link [--data DIR] [--port N]

Prints a new one-time link into the console that runs with DIR (default port 3000).
`,
  async run({ args, data, json }) {
    const { values } = parseArgs({ args, options: { port: { type: 'string', default: '3000' } } })
    if (!existsSync(join(data, 'sluice.db'))) {
      process.stderr.write(`sluice: there is no console in ${data}; start it with npm start -- --data ${data}\n`)
      return 3
    }
    const { openStore } = await import('../../server/store/open-store.ts')
    const { issueSignInToken } = await import('../../server/auth/issue-sign-in-token.ts')
    const store = openStore(data)
    const link = `http://127.0.0.1:${values.port}/sign-in?token=${await issueSignInToken(store)}`
    await store.$disconnect()
    process.stdout.write(json ? `${JSON.stringify({ link })}\n` : `${link}\n`)
    return 0
  },
}
