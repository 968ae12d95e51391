// What has to be there before anything runs: a new enough Node, the packages, the database clients.
// Plain Node without any package, because it is what installs them.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { isGenerated } from './generate.mjs'
import { partsWanted, pathsOf, specifiersOf } from './parts.mjs'
import { root } from './schemas.mjs'

const LOWEST_NODE = [20, 19]
const LOCK = `${root}/.cache/prepare.lock`
const INSTALLED = 'node_modules/.package-lock.json'
const LONGEST_INSTALLATION = 20 * 60_000

/** Makes the checkout ready to run; does nothing where it is. `dev`: also what tests and checks need. */
export async function prepare({ dev = false } = {}) {
  checkNode()
  process.chdir(root)
  const parts = dev ? [] : partsWanted()
  if (isInstalled(dev, parts) && isGenerated()) return
  const release = await lock()
  try {
    if (!isInstalled(dev, parts)) await install(dev, parts)
    if (!isGenerated()) generate()
  } finally {
    release()
  }
}

/** Progress goes to standard error: what a command prints on standard output may be read by a program. */
function say(line) {
  process.stderr.write(`${line}\n`)
}

/** Ends the program with a sentence instead of a stack trace. */
function fail(lines, status = 1) {
  say(`\n${lines}`)
  process.exit(status)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const [lowestMajor, lowestMinor] = LOWEST_NODE
  if (major > lowestMajor || (major === lowestMajor && minor >= lowestMinor)) return
  fail(
    `xiaoge needs Node ${LOWEST_NODE.join('.')} or newer, and this is Node ${process.versions.node} (${process.execPath}).\n` +
      'Install the LTS version from https://nodejs.org (in China https://npmmirror.com/mirrors/node/) and start again.',
  )
}

/**
 * One preparation at a time: `npm test` beside a first `npm start` waits until that has installed its packages.
 * Returns what ends it.
 */
async function lock() {
  mkdirSync(`${root}/.cache`, { recursive: true })
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' })
      const release = () => rmSync(LOCK, { force: true })
      process.once('exit', release)
      return release
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (isAbandoned()) {
      rmSync(LOCK, { force: true })
      continue
    }
    if (!waited) say('Waiting for another xiaoge to finish installing …')
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

/** Whether the process that took the lock died without giving it back. */
function isAbandoned() {
  try {
    if (Date.now() - statSync(LOCK).mtimeMs > LONGEST_INSTALLATION) return true
    const holder = Number(readFileSync(LOCK, 'utf8'))
    if (holder === 0) return false // just being written
    // In a container the number of a killed process comes again, even as our own.
    if (holder === process.pid) return true
    process.kill(holder, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

async function install(dev, parts) {
  const started = performance.now()
  const withDev = dev || hasDev()
  const what = ['running', ...(withDev ? ['testing'] : []), ...parts.map(({ name }) => `the ${name}`)].join(' and ')
  say(`Installing the packages for ${what} (only this once, about half a minute) …`)
  // `npm ci` deletes node_modules first, which a running xiaoge would not survive.
  const command = existsSync('node_modules') || parts.length > 0 ? ['install', '--no-save'] : ['ci']
  // Named and "saved" as needed for running, they come although they are devDependencies; --no-save keeps the files as they are.
  const more = withDev ? [] : parts.length > 0 ? ['--save-prod', ...specifiersOf(parts)] : []
  const { status, output, stopped } = await npm([
    ...command,
    ...more,
    withDev ? '--include=dev' : '--omit=dev',
    '--loglevel=error',
  ])
  if (stopped) fail('Stopped while installing. The next start goes on with it.', 130)
  if (status !== 0) fail(remedy(output), status)
  say(`Packages installed in ${Math.round((performance.now() - started) / 1000)} s.`)
}

/** Adding what is missing for running must not take away what somebody has installed for developing. */
function hasDev() {
  return Object.values(readPackages(INSTALLED) ?? {}).some((entry) => entry.dev)
}

function readPackages(lockFile) {
  if (!existsSync(lockFile)) return null
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8'))
  delete packages['']
  return packages
}

/** Whether what npm has installed (by its own record) is what package-lock.json asks for. */
function isInstalled(dev, parts) {
  const installed = readPackages(INSTALLED)
  if (!installed) return false
  const locked = readPackages('package-lock.json')
  const ofParts = pathsOf(parts, locked)
  return Object.entries(locked).every(([path, wanted]) => {
    if (wanted.dev && !dev && !ofParts.has(path)) return true
    const found = installed[path]
    // Packages for other systems are optional and stay away.
    if (!found) return Boolean(wanted.optional || wanted.devOptional)
    return found.version === wanted.version && existsSync(path)
  })
}

/** In a process of its own: the generator takes 150 MB, which xiaoge is not to keep. */
function generate() {
  execFileSync(process.execPath, [`${root}/scripts/generate.mjs`], { stdio: ['ignore', 2, 2] })
}

/** Runs npm, shows what it prints, and resolves with its status and its error output. */
function npm(parameters) {
  const cli = process.env.npm_execpath
  const [command, first] =
    cli && basename(cli) === 'npm-cli.js'
      ? [process.execPath, [cli]]
      : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []]
  return new Promise((resolve) => {
    const child = spawn(command, [...first, ...parameters], {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: command === 'npm.cmd',
      // npm passes its own settings on (`npm -s`, `npm --prefix`); the installation is to have none of them.
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !INHERITED.test(name))),
    })
    let stopped = false
    const forward = (signal) => {
      stopped = true
      child.kill(signal)
    }
    process.on('SIGINT', forward).on('SIGTERM', forward)
    let output = ''
    child.stdout.on('data', (bytes) => process.stderr.write(bytes))
    child.stderr.on('data', (bytes) => {
      output += bytes
      process.stderr.write(bytes)
    })
    const dots = setInterval(() => process.stderr.write('.'), 2000)
    const end = (status) => {
      clearInterval(dots)
      process.stderr.write('\n')
      process.off('SIGINT', forward).off('SIGTERM', forward)
      resolve({ status, output, stopped })
    }
    child.on('error', (error) => {
      output += `npm could not be started: ${error.message}`
      end(127)
    })
    child.on('close', (status, signal) => end(signal ? 130 : status))
  })
}

const INHERITED =
  /^(npm_config_(loglevel|local_prefix|prefix|omit|include|production|only|dry_run|ignore_scripts)|npm_command|NODE_ENV)$/i

/** What to do about a failed installation, by what npm said. */
function remedy(output) {
  if (/ENOTFOUND|ETIMEDOUT|ECONNRESET|ECONNREFUSED|EAI_AGAIN|ERR_SOCKET|FETCH_ERROR|network/i.test(output)) {
    return (
      'The packages could not be downloaded: the npm registry was not reached.\n' +
      'Check the network. In China a mirror helps:\n' +
      '  npm config set registry https://registry.npmmirror.com\n' +
      'Then run the same command again.'
    )
  }
  if (/ENOSPC/.test(output)) return 'The disk is full. Free some 500 MB and run the same command again.'
  if (/EACCES|EPERM/.test(output))
    return `node_modules cannot be written. Check who owns ${root}, then run the same command again.`
  return 'The packages could not be installed; npm says why above. Deleting node_modules and running the same command again often helps.'
}
