// npm run bench [-- NAME…] [-- --database URL]: figures with what they mean, each beside a baseline of the same run.
// Every bench has a process and a fresh database of its own; at URL (postgresql://…) databases are made and removed.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepare } from './prepare.mjs'
import { root } from './schemas.mjs'

const BENCHES = ['understanding', 'journey', 'latency', 'growth', 'memory', 'schedules']
/** V8 is set as scripts/start.mjs sets it: what is measured is what runs. */
const FLAGS = ['--optimize-for-size', '--max-semi-space-size=1', '--expose-gc']

await prepare({ dev: true })
const given = process.argv.slice(2)
const at = given.indexOf('--database')
const server = at >= 0 ? given[at + 1] : undefined
const names = given.filter((_, index) => at < 0 || (index !== at && index !== at + 1))
const unknown = names.filter((name) => !BENCHES.includes(name))
if (unknown.length > 0 || (at >= 0 && !/^postgres(ql)?:/.test(server ?? ''))) {
  console.error(`usage: npm run bench -- [${BENCHES.join(' | ')}]… [--database postgresql://…]`)
  process.exit(2)
}

/** A fresh database's address, and what removes it. */
async function createDatabase(name) {
  if (server === undefined) {
    const file = join(tmpdir(), `${name}.db`)
    const remove = async () => {
      for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
    }
    return { url: `file:${file}`, remove }
  }
  const { Client } = await import('pg')
  const run = async (sql) => {
    const client = new Client({ connectionString: server })
    await client.connect()
    await client.query(sql).finally(() => client.end())
  }
  await run(`CREATE DATABASE "${name}"`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, remove: () => run(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`) }
}

let failed = false
for (const name of names.length > 0 ? names : BENCHES) {
  console.log(`\n== ${name}`)
  const database = await createDatabase(`xiaoge_bench_${process.pid}_${name}`)
  try {
    const script = `${root}/test/bench/${name}.ts`
    const command = [...FLAGS, '--import', 'tsx', script, database.url]
    if (spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' }).status !== 0) failed = true
  } finally {
    await database.remove()
  }
}
process.exitCode = failed ? 1 : 0
