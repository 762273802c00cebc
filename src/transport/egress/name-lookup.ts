import { Resolver } from 'node:dns'
import type { Clock, Timer } from '../../clock/clock.ts'
import { codeOf } from '../connect-error.ts'
import type { LookupCallback } from './lookup.ts'
import type { SystemNames } from './system-names.ts'

export interface NameLookupSettings {
  readonly clock: Clock
  readonly mayBeLocal: (hostname: string) => boolean
  readonly servers: readonly string[] | undefined
  readonly firstTryMs: number
  readonly systemNames: SystemNames
}

const tries = 3
/** How much longer than v4 addresses the v6 ones may take: the resolution delay of RFC 8305, section 3. */
const secondFamilyMs = 50

/** How one address family was answered. */
interface FamilyAnswer {
  readonly addresses: readonly string[]
  readonly error: Error | null
}

/**
 * One name being looked up, for everyone who waits for it. It begins at once and ends with an answer, an error, or when
 * nobody waits any more; then its questions are cancelled, and it leaves no socket and no timer.
 *
 * It has a `Resolver` of its own, which takes some 20 microseconds to make: so it can be cancelled by itself, asks from
 * ports of its own (an answer is harder to forge), and sees a changed configuration of the system.
 */
export class NameLookup {
  private readonly hostname: string
  private readonly settings: NameLookupSettings
  private readonly whenOver: () => void
  private readonly dns: Resolver
  private readonly waiting = new Set<LookupCallback>()
  private v4: FamilyAnswer | null = null
  private v6: FamilyAnswer | null = null
  private timer: Timer | null = null
  private leaveSystemNames: (() => void) | null = null
  private over = false

  /** @param whenOver called once, before anyone who waits: from then on nobody may join */
  constructor(hostname: string, settings: NameLookupSettings, whenOver: () => void) {
    this.hostname = hostname
    this.settings = settings
    this.whenOver = whenOver
    this.dns = new Resolver({ timeout: settings.firstTryMs, tries })
    if (settings.servers !== undefined) this.dns.setServers(settings.servers)
    this.dns.resolve4(hostname, (error, addresses) => this.answeredV4({ error, addresses: addresses ?? [] }))
    this.dns.resolve6(hostname, (error, addresses) => this.answeredV6({ error, addresses: addresses ?? [] }))
  }

  /** Waits for the answer until `signal` aborts. */
  join(signal: AbortSignal, callback: LookupCallback): void {
    this.waiting.add(callback)
    signal.addEventListener('abort', () => this.leave(callback), { once: true })
  }

  private leave(callback: LookupCallback): void {
    this.waiting.delete(callback)
    if (this.waiting.size === 0) this.end()
  }

  private answeredV4(answer: FamilyAnswer): void {
    if (this.over) return
    this.v4 = answer
    if (this.v6 !== null) this.answered()
    else if (answer.addresses.length > 0) {
      this.timer = this.settings.clock.setTimeout(() => this.answered(), secondFamilyMs)
    }
  }

  private answeredV6(answer: FamilyAnswer): void {
    if (this.over) return
    this.v6 = answer
    if (this.v4 !== null) this.answered()
  }

  private answered(): void {
    const addresses = [...(this.v4?.addresses ?? []), ...(this.v6?.addresses ?? [])]
    if (addresses.length > 0) return this.settle(null, addresses)
    const { hostname, settings } = this
    if (!isUnknown(this.v4) || !isUnknown(this.v6) || !settings.mayBeLocal(hostname)) {
      return this.settle(this.v4?.error ?? null, addresses)
    }
    this.leaveSystemNames = settings.systemNames.find(hostname, (error, found) => this.settle(error, found))
  }

  private settle(error: Error | null, addresses: readonly string[]): void {
    if (this.over) return
    const waiting = [...this.waiting]
    this.end()
    const found = addresses.map((address) => ({ address }))
    for (const callback of waiting) callback(error, found)
  }

  private end(): void {
    if (this.over) return
    this.over = true
    this.waiting.clear()
    if (this.timer !== null) this.settings.clock.clearTimeout(this.timer)
    this.leaveSystemNames?.()
    // Its callbacks come with ECANCELLED, and find that all is over.
    this.dns.cancel()
    this.whenOver()
  }
}

/**
 * No such name, or no DNS server that would know. A server that does not answer is something else: to ask the system then
 * would only hang one of its threads.
 */
const unknownCodes: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED', 'EREFUSED'])

function isUnknown(answer: FamilyAnswer | null): boolean {
  if (answer === null) return false
  return answer.error === null || unknownCodes.has(codeOf(answer.error) ?? '')
}
