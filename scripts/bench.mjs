// npm run bench [-- NAME…] [-- --database URL]: figures with what they mean, each beside a baseline of the same run.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepare } from './prepare.mjs'
import { root } from './schemas.mjs'

const BENCHES = ['understanding', 'journey', 'latency', 'growth', 'memory']

await prepare({ dev: true })
const given = process.argv.slice(2)
const at = given.indexOf('--database')
const database = at >= 0 ? given[at + 1] : undefined
const names = given.filter((word, index) => BENCHES.includes(word) && (at < 0 || index !== at + 1))
let failed = false
for (const name of names.length > 0 ? names : BENCHES) {
  console.log(`\n== ${name}`)
  const file = join(tmpdir(), `xiaoge-bench-${process.pid}.db`)
  const url = database ?? `file:${file}`
  const script = `${root}/test/bench/${name}.ts`
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', script, url], { cwd: root, stdio: 'inherit' })
  for (const end of ['', '-wal', '-shm']) if (existsSync(file + end)) rmSync(file + end)
  if (status !== 0) failed = true
}
process.exitCode = failed ? 1 : 0
