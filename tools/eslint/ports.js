// Time, chance and ids come in through ports, so that a run can be repeated exactly. These rules close the other ways in.
const time = 'Time comes from the injected Clock (src/clock): a simulation or a test could not move it otherwise.'
const chance = 'Chance comes from the injected Random (src/random): a run could not be repeated otherwise.'
const ids = 'Ids come from the injected Ids (src/ids): a replayed run could not give the same ones otherwise.'

const timeGlobals = ['setTimeout', 'setInterval', 'setImmediate', 'performance']
const chanceOfCrypto = ['randomUUID', 'randomBytes', 'randomInt', 'getRandomValues']

const forbid = (object, properties, message) => properties.map((property) => ({ object, property, message }))

/** Selectors for `no-restricted-syntax`; kept apart because a rule's options replace each other and do not add up. */
export const portSyntax = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: time },
  { selector: 'CallExpression[callee.name="Date"]', message: time },
]

/** Paths for `no-restricted-imports`; kept apart for the same reason. */
export const portImports = [
  ...['node:timers', 'node:timers/promises', 'node:perf_hooks'].map((name) => ({ name, message: time })),
  { name: 'node:crypto', importNames: [...chanceOfCrypto, 'webcrypto'], message: ids },
  { name: 'nanoid', message: ids },
]

export const portRules = {
  'no-restricted-globals': ['error', ...timeGlobals.map((name) => ({ name, message: time }))],
  'no-restricted-properties': [
    'error',
    ...forbid('Date', ['now'], time),
    ...forbid('AbortSignal', ['timeout'], time),
    ...forbid('process', ['hrtime'], time),
    ...forbid('globalThis', timeGlobals, time),
    ...forbid('Math', ['random'], chance),
    ...forbid('crypto', chanceOfCrypto, ids),
  ],
}
