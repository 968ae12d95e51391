import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import type { Reporter, TestModule } from 'vitest/node'

/** Ends every run with the plain line `N passed, N failed`. A file that could not be loaded is one failure. */
const closingLine: Reporter = {
  onTestRunEnd(modules, errors) {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state] += 1
      if (isBroken(module)) count.failed += 1
    }
    const { passed, failed } = count
    const skipped = count.skipped + count.pending
    process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
  },
}

/** Failed without a failed test: its code or a hook threw. */
function isBroken(module: TestModule): boolean {
  const failedTests = [...module.children.allTests('failed')]
  return module.state() === 'failed' && failedTests.length === 0
}

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { requireAssertions: true },
    restoreMocks: true,
    reporters: ['default', closingLine],
  },
})
