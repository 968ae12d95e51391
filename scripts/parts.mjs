// Packages that only some villages need: they are installed at a start that is configured to use them.
import { existsSync, readFileSync } from 'node:fs'

/**
 * Each part, the setting that turns it on, and its packages. These stand among the devDependencies of package.json, so
 * that tests have them and package-lock.json holds their versions; `npm start` leaves them away unless the setting is there.
 */
const PARTS = [
  { name: 'language model', setting: 'LLM_BASE_URL', packages: ['langchain', '@langchain/openai'] },
  {
    name: 'connection to WeChat',
    setting: 'WECHATY_PUPPET_SERVICE_TOKEN',
    packages: ['wechaty', 'wechaty-puppet', 'wechaty-puppet-service', 'file-box', 'qrcode', 'silk-wasm'],
  },
]

/** The parts that `.env` and the environment ask for. In the checkout's directory. */
export function partsWanted() {
  if (existsSync('.env')) process.loadEnvFile('.env')
  return PARTS.filter(({ setting }) => process.env[setting]?.trim())
}

/** The packages of parts as npm is told them: name@version. */
export function specifiersOf(parts) {
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  return parts.flatMap(({ packages }) => packages.map((name) => `${name}@${devDependencies[name]}`))
}

/** The paths in a lock file's `packages` of the packages of parts and of all that these need. */
export function pathsOf(parts, packages) {
  const found = new Set()
  const add = (from, name) => {
    const path = resolve(from, name)
    if (path === undefined || found.has(path)) return
    found.add(path)
    const { dependencies, peerDependencies, peerDependenciesMeta } = packages[path]
    const peers = Object.keys(peerDependencies ?? {}).filter((peer) => !peerDependenciesMeta?.[peer]?.optional)
    for (const needed of [...Object.keys(dependencies ?? {}), ...peers]) add(path, needed)
  }
  /** As Node looks for a package: in the folder itself, then upwards. */
  const resolve = (from, name) => {
    for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
      const path = `${folder}${folder ? '/' : ''}node_modules/${name}`
      if (packages[path]) return path
      if (folder === '') return undefined
    }
  }
  for (const { packages: names } of parts) for (const name of names) add('', name)
  return found
}
