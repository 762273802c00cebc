// The fuzzing for as long as one likes, from another seed each time.
import { runWithFlags } from '../../support/number-flags.ts'
import { fuzz } from './fuzz.ts'

const usage = `npm run fuzz -- [flags]

  --runs N  sequences of up to 80 calls, each on a server of its own (default 1000)
  --seed N  repeats an earlier run (default: drawn)
  --help`

const seed = 1 + Math.floor(Math.random() * 2 ** 31)
await runWithFlags(usage, { runs: 1000, seed }, async (flags) => {
  console.log(`Fuzzing every route: ${flags.runs} runs, seed ${flags.seed}`)
  const { answers } = await fuzz(flags)
  for (const [name, count] of [...answers].sort()) console.log(`${count}`.padStart(8), name)
  return 0
})
