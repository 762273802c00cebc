// The fuzzing for as long as one likes, from another seed each time.
import { runWithFlags } from '../../support/number-flags.ts'
import { fuzz } from './fuzz.ts'
import { isNeverReached } from './never-reached.ts'

const wholeRun = 1000

/** Of one status there are several; each of these has a path of its own through the server. */
const expectedErrors = [
  '404 KEY_NOT_FOUND',
  '409 FIRST_KEY_NOT_ADMIN',
  '409 IDEMPOTENCY_CONFLICT',
  '413 BODY_TOO_LARGE',
  '413 PAYLOAD_TOO_LARGE',
  '429 CAPACITY_REACHED',
  '429 TOO_MANY_FAILURES',
  '503 SERVICE_CLOSED',
  '503 TOO_MANY_STREAMS',
]

const usage = `npm run fuzz -- [flags]

  --runs N  sequences of up to 80 calls, each on a server of its own (default ${wholeRun})
  --seed N  repeats an earlier run (default: drawn)
  --help

It ends with 1 when an answer was not as the OpenAPI document says, or when ${wholeRun} sequences or more have left out one that the
document promises.`

const seed = 1 + Math.floor(Math.random() * 2 ** 31)
await runWithFlags(usage, { runs: wholeRun, seed }, async (flags) => {
  console.log(`Fuzzing every route: ${flags.runs} runs, seed ${flags.seed}`)
  const { answers, errors, steps, promised } = await fuzz(flags)
  for (const [name, count] of [...answers].sort()) console.log(`${count}`.padStart(8), name)
  console.log('Errors by their codes:')
  for (const [name, count] of [...errors].sort()) console.log(`${count}`.padStart(8), name)
  const calls = [...answers.values()].reduce((sum, count) => sum + count, 0)
  console.log(`${calls} calls; ${answers.size} answers of different routes or statuses; ${steps} steps in live streams`)
  const missing = [
    ...promised.filter((name) => !answers.has(name) && !isNeverReached(name)),
    ...expectedErrors.filter((name) => !errors.has(name)),
  ]
  if (missing.length === 0) return 0
  console.log(`Promised, and not seen: ${missing.join(', ')}`)
  return flags.runs < wholeRun ? 0 : 1
})
