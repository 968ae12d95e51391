// The rules of this house, for oxlint (named in .oxlintrc.json). test/data/import-rule.test.ts proves that they bite.
import { posix, sep } from 'node:path'

/** What each folder of src may import (folders or single files) besides itself and the plain files beside it. */
const MAY_IMPORT = {
  db: [],
  channels: [],
  understanding: [],
  llm: ['db'],
  village: ['db', 'understanding'],
  outbox: ['db', 'village', 'channels/channel.ts'],
  features: ['db', 'village', 'understanding', 'outbox', 'llm'],
  inbox: ['db', 'village', 'understanding', 'outbox', 'llm', 'features', 'channels/channel.ts'],
  explanation: ['db', 'village', 'understanding'],
  web: ['db', 'channels'],
}
/** They join the parts and may import all of them, and of each other those that stand before. */
const ABOVE = ['app.ts', 'advance.ts', 'cli', 'main.ts']
/** Packages that only one folder may import. */
const ONLY_IN = [{ packages: /^(langchain|openai|@langchain\/[^/]+)(\/|$)/, folder: 'llm' }]
/** What features share. index.ts lists them all, so none of them may import it. */
const SHARED_BY_FEATURES = ['features/feature.ts']

/** Why the file `from` must not import the file `to` (both relative to src, with slashes); null where it may. */
function objection(from, to) {
  const [here, there] = [from.split('/')[0], to.split('/')[0]]
  if (ABOVE.includes(here)) {
    return ABOVE.indexOf(there) > ABOVE.indexOf(here) ? `${here} must not import ${there}, which builds on it.` : null
  }
  if (ABOVE.includes(there)) return `${there} joins the parts, so no part may import it. Let it pass in what is needed.`
  const isPlainFile = !to.includes('/')
  if (isPlainFile) return null
  if (!from.includes('/'))
    return `Files beside the folders of src know none of them. Move ${from} into ${there}/, or what it needs out.`
  if (here === 'features' && there === 'features') return objectionBetweenFeatures(from, to)
  if (here === there) return null
  const allowed = MAY_IMPORT[here]
  if (!allowed) return `Say in scripts/lint-rules.mjs what ${here}/ may import.`
  if (allowed.includes(there) || allowed.includes(to)) return null
  const list = ['the files beside the folders of src', ...allowed].join(', ')
  return `${here}/ must not import ${to}. Besides its own files it may import only: ${list}.`
}

function objectionBetweenFeatures(from, to) {
  const [, mine, theirs] = [...from.split('/').slice(0, 2), to.split('/')[1]]
  if (from === 'features/index.ts' || mine === theirs || SHARED_BY_FEATURES.includes(to)) return null
  return 'A feature never imports another. Move what both need to village/, or to features/feature.ts where it is a contract.'
}

/** The path below src with slashes; null for what lies elsewhere. */
function belowSource(path) {
  const [, below = null] = /.*\/src\/(.*)/.exec(path.split(sep).join('/')) ?? []
  return below
}

const importDirection = {
  meta: { type: 'problem' },
  create(context) {
    const from = belowSource(context.filename)
    if (!from) return {}
    const check = (node) => {
      const specifier = node?.value
      if (typeof specifier !== 'string') return
      const only = ONLY_IN.find(({ packages, folder }) => packages.test(specifier) && !from.startsWith(`${folder}/`))
      if (only)
        context.report({ node, message: `Only ${only.folder}/ imports ${specifier}: ask for what you need there.` })
      if (!specifier.startsWith('.')) return
      const to = posix.join(posix.dirname(from), specifier)
      const message = to.startsWith('../') ? null : objection(from, to)
      if (message) context.report({ node, message })
    }
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument),
    }
  },
}

const noClock = {
  meta: { type: 'problem' },
  create(context) {
    const report = (node) =>
      context.report({
        node,
        message: 'Time is a parameter: take a Clock or a Date. Only src/clock.ts reads the computer’s clock.',
      })
    return {
      NewExpression(node) {
        if (node.callee.name === 'Date' && node.arguments.length === 0) report(node)
      },
      CallExpression(node) {
        const { callee } = node
        if (callee.name === 'Date') report(node)
        if (callee.type === 'MemberExpression' && callee.object.name === 'Date' && callee.property.name === 'now')
          report(node)
      },
    }
  },
}

export default {
  meta: { name: 'xiaoge' },
  rules: { 'import-direction': importDirection, 'no-clock': noClock },
}
