import type { RateLimit } from '../../../endpoint/rate-limit.ts'
import type { Rule } from './rule.ts'

/** What refills between two requests may be a rounding error less than a whole one. */
const tolerance = 1e-6

interface Bucket {
  readonly name: string
  tokens: number
  countedMs: number
}

/** In any time no more requests leave than the limit of the service, and of the endpoint, lets through. */
export const rateLimits: Rule = {
  name: 'rate limits hold',
  *check({ history, settings }) {
    const buckets = new Map<string, Bucket>()
    const byStart = [...history.requests].sort((one, other) => one.startedTick - other.startedTick)
    for (const { life, endpoint, eventId, startedMs, rateLimit, rateLimitVersion } of byStart) {
      const own = take(buckets, endpoint.id, `${life} ${rateLimitVersion}`, rateLimit, startedMs)
      const all = take(buckets, '', String(life), settings.rateLimit, startedMs)
      if (own && all) continue
      const whose = own ? 'the service' : endpoint.id
      yield { message: `${eventId} left before the rate limit of ${whose} let it go`, eventId }
    }
  },
}

/** A limit that was set anew, and one in another life, begins with a full bucket. False when there is no token. */
function take(
  buckets: Map<string, Bucket>,
  owner: string,
  name: string,
  limit: RateLimit | null,
  nowMs: number,
): boolean {
  if (limit === null) return true
  const { burst, perSecond } = limit
  let bucket = buckets.get(owner)
  if (bucket?.name !== name) buckets.set(owner, (bucket = { name, tokens: burst, countedMs: nowMs }))
  bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.countedMs) / 1000) * perSecond) - 1
  bucket.countedMs = nowMs
  return bucket.tokens >= -tolerance
}
