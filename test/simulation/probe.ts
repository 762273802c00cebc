import { simulate } from '../../src/testing/index.ts'
import { SqlitePlace } from './sqlite-place.ts'
import { ModelLogPlace } from './model-place.ts'
const [home = 'sqlite', from = '1', count = '20', verbose] = process.argv.slice(2)
const rules: Record<string, number[]> = {}
const t = performance.now()
for (let seed = Number(from); seed < Number(from) + Number(count); seed++) {
  try {
    const r = await simulate({
      seed,
      ...(home === 'memory'
        ? {}
        : { log: () => (home === 'sqlite' ? new SqlitePlace('better-sqlite3', '/dev/shm') : new ModelLogPlace()) }),
    })
    for (const v of r.violations) {
      ;(rules[v.rule] ??= []).push(seed)
      if (verbose) console.log(seed, v.rule, '|', v.message.slice(0, 400))
    }
  } catch (e) {
    console.log(seed, 'THREW', e)
    ;(rules['threw'] ??= []).push(seed)
  }
}
for (const [r, s] of Object.entries(rules)) console.log(r, s.length, [...new Set(s)].slice(0, 12).join())
console.log(((performance.now() - t) / Number(count)).toFixed(1), 'ms a seed')
process.exit()
