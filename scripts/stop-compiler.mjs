// Ends the compiler that tsx keeps running. Also a module hook that hooks nothing: where tsx compiles in the thread of
// the hooks (before Node 22.15), only code loaded into that thread reaches its compiler.
import { createRequire } from 'node:module'

export async function initialize() {
  const require = createRequire(createRequire(import.meta.url).resolve('tsx'))
  await require('esbuild').stop()
}
