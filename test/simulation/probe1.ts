import { resolveSimulation } from '../../src/testing/simulation/simulation-options.ts'
import { Simulation } from '../../src/testing/simulation/simulation.ts'
import { SqlitePlace } from './sqlite-place.ts'
const [seed, ep] = process.argv.slice(2)
const r = resolveSimulation({ seed: Number(seed), log: () => new SqlitePlace('better-sqlite3', '/dev/shm') })
const s = new Simulation(r)
await s.run()
const h = s.history
const out: [number, string][] = []
for (const l of h.lives) out.push([l.bornTick, `LIFE ${l.number} died ${l.diedMs}`])
for (const c of h.calls) if (c.endpoint.id === ep && c.call !== 'resumeEndpoint') out.push([c.startTick, `${c.call} ${c.outcome} ${c.refusal}`])
for (const e of h.records) if (e.record.endpointId === ep && (e.record.eventId === '' )) out.push([e.tick, `${e.elapsedMs} life ${e.life} ${e.text}`])
for (const e of h.records) if (process.argv[4] !== undefined && (process.argv[4] === 'all' ? e.record.endpointId === ep && e.record.eventId !== '' : e.record.eventId === process.argv[4])) out.push([e.tick, `${e.elapsedMs} life ${e.life} ${e.record.seq} ${e.record.eventId} ${e.record.event.type} ${e.record.to} ${e.durable}`])
for (const e of s.endpoints) if (e.id===ep) { for (const t of e.registeredTicks) out.push([t, 'registered']); console.log(e.removed, e.registeredLife, e.durable, e.sinceDurable) }
for (const [t, x] of out.sort((a, b) => a[0] - b[0])) console.log(t, x.slice(0, 300))
console.log(h.faults); process.exit()
