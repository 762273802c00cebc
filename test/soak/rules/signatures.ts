import type { AttemptFact, EndpointFact, Facts } from '../facts.ts'

/** The log's times are whole milliseconds. */
const clockToleranceMs = 2

/** Every request bore its endpoint's headers, each once, and the signature of each secret that was in use, and of no other. */
export function checkSignatures({ events }: Facts): string[] {
  return Array.from(events.values()).flatMap(({ eventId, endpoint, attempts }) =>
    attempts.flatMap((attempt) =>
      wrongIn(endpoint, attempt).map((wrong) => `${eventId} attempt ${attempt.attempt}: ${wrong}`),
    ),
  )
}

function wrongIn({ signing }: EndpointFact, { startedAtMs, received }: AttemptFact): string[] {
  return received.flatMap(({ signedBy, headersRight }) => {
    const wrong = headersRight ? [] : ['its headers are not those of its endpoint, each once']
    for (const { generation, fromMs, untilMs, replacedAtMs } of signing) {
      const signed = signedBy.includes(generation)
      const inUse = startedAtMs >= fromMs - clockToleranceMs && startedAtMs <= untilMs + clockToleranceMs
      const isFirst = startedAtMs > fromMs + clockToleranceMs && startedAtMs < replacedAtMs - clockToleranceMs
      if (signed && !inUse) wrong.push(`secret ${generation} signed out of its time`)
      if (!signed && isFirst) wrong.push(`secret ${generation} did not sign`)
    }
    return wrong
  })
}
