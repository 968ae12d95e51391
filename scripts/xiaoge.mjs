// npm run -s xiaoge -- COMMAND: makes the checkout ready, then runs one command of xiaoge in this process.
import { prepare } from './prepare.mjs'

await prepare()
const { runTypeScript } = await import('./run-typescript.mjs')
await runTypeScript(process.argv.slice(2))
