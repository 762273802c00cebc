// Imports run one way: machines ← core ← sub-paths ← everything that is not shipped. The same boundaries stand, resolved
// to real files, in .dependency-cruiser.cjs; here they show while one types.
import { portImports } from './ports.js'

const notShipped = {
  regex: '^(\\.\\./)+(bench|examples|test|docs|scripts|tools)/',
  message: 'What is shipped imports nothing that is not: the package would lack it.',
}

const subPaths = {
  regex: '^(\\./|(\\.\\./)+)(testing|inspect|diagram|recorded|what-if|sqlite|cluster|server|cli)/',
  message:
    'The core imports no sub-path: whoever takes only the core would load, and have to install, what that needs.',
}

const otherSubPaths = {
  regex: '^(\\.\\./)+(testing|inspect|diagram|recorded|what-if|cluster|server|cli)/',
  message: 'A home of the log imports the core alone: every service that has one loads it.',
}

const subPathsOfServer = {
  regex: '^(\\.\\./)+(testing|inspect|diagram|recorded|what-if|sqlite|cluster|cli)/',
  message: 'The server imports the core alone: it serves whatever service it is given.',
}

const machinesOnly = {
  regex: '^(?!xstate$|\\./)',
  allowTypeImports: true,
  message:
    'A machine imports only xstate, other machines and types: it runs live, in a replay and in a graph walk alike.',
}

const verifyOnly = {
  regex: '^(?!\\./|node:|\\.\\./(signing|options|errors|clock)/)',
  message:
    'hookline/verify imports only src/signing, options, errors and clock: a receiver takes it without the delivery engine.',
}

const rule = (patterns, paths = []) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns, paths }],
})

const drivers = {
  regex: '^(node:sqlite|better-sqlite3)$',
  allowTypeImports: true,
  message: 'A driver of SQLite is loaded only when it is used, by src/sqlite/driver: neither is there on every Node.',
}

/** One entry per area; the last that matches a file decides, so the narrower stand below the wider. */
export const importBoundaries = [
  { files: ['machines/**/*.ts'], rules: rule([machinesOnly]) },
  { files: ['src/**/*.ts'], rules: rule([notShipped, subPaths], portImports) },
  {
    files: ['src/{inspect,diagram,recorded,what-if,cluster,cli}/**/*.ts'],
    rules: rule([notShipped], portImports),
  },
  { files: ['src/sqlite/**/*.ts'], rules: rule([notShipped, otherSubPaths, drivers], portImports) },
  { files: ['src/server/**/*.ts'], rules: rule([notShipped, subPathsOfServer], portImports) },
  { files: ['src/verify/**/*.ts'], rules: rule([notShipped, subPaths, verifyOnly], portImports) },
  { files: ['src/{clock,random,ids}/**/*.ts'], rules: rule([notShipped, subPaths]) },
  { files: ['src/testing/**/*.ts'], rules: rule([notShipped]) },
]
