// Runs src/main.ts in this very process, without a build step.
import * as module from 'node:module'
import { pathToFileURL } from 'node:url'
import { root } from './schemas.mjs'
import { initialize as stopCompiler } from './stop-compiler.mjs'

const MAIN = `${root}/src/main.ts`

/** Runs the command line with these arguments. */
export async function runTypeScript(parameters) {
  const { register } = await import('tsx/esm/api')
  register()
  process.argv = [process.argv[0], MAIN, ...parameters]
  await import(pathToFileURL(MAIN).href)
}

/**
 * Ends the compiler that tsx keeps running beside this process (16 MB) once what is needed has been compiled.
 * It comes back by itself when something else is loaded.
 */
export function stopCompilerSoon() {
  const stop = () => {
    if ('registerHooks' in module) void stopCompiler()
    else module.register('./stop-compiler.mjs', import.meta.url)
  }
  setTimeout(stop, 10_000).unref()
}
