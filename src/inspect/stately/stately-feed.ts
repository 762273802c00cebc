// Puts the parts together: a log, live or recorded, on one side; a relay that viewers read from on the other.
import type { InspectionEvent, Observer } from 'xstate'
import type { Clock } from '../../clock/clock.ts'
import type { TransitionLog } from '../../log/transition-log.ts'
import { isEndpointTransition } from '../../log/transition.ts'
import type { EndpointTransition, LogRecord, Transition } from '../../log/transition.ts'
import type { RecordedLog } from '../../recorded/recorded-log.ts'
import { EventChoice } from './event-choice.ts'
import { createFeedCounts } from './feed-counts.ts'
import type { FeedCounts, StatelyStats } from './feed-counts.ts'
import { LiveFeed } from './live-feed.ts'
import { MessageWriter } from './message-writer.ts'
import { RecordingPlayer } from './recording-player.ts'
import { Relay } from './relay.ts'
import { createShadowObserver } from './shadow-observer.ts'
import { Shadows } from './shadows.ts'
import type { LogHistory } from './shadows.ts'
import type { StatelySettings } from './stately-options.ts'
import type { StatelyPackage } from './stately-package.ts'

/** Messages for viewers, and where they come from. */
export interface StatelyFeed {
  readonly relay: Relay
  /** The page that shows it. */
  readonly page: URL
  readonly stats: StatelyStats
  /** Counts an error that harmed no more than a viewer. */
  readonly failed: () => void
  /** Somebody watches. A recording begins to play. */
  viewerCame(): void
  close(): void
}

export interface FeedOptions {
  readonly official: StatelyPackage
  readonly settings: StatelySettings
  /** Whether bodies and answers are shown. */
  readonly payloads: boolean
  readonly clock: Clock
}

/** What of a service's log is read. */
export type LiveLog = Pick<TransitionLog, 'entries' | 'subscribe' | 'endpointEntries' | 'subscribeToEndpoints'>

/** Shows what a running service does from now on. */
export function followLog(log: LiveLog, options: FeedOptions): StatelyFeed {
  const parts = new FeedParts('live', options)
  const shadows = parts.shadowsOf({
    ofEvent: (eventId) => log.entries({ eventId }),
    ofEndpoint: (endpointId) => log.endpointEntries({ endpointId }),
  })
  const { counts, choice, relay, failed } = parts
  const show = parts.shownBy(shadows)
  const feed = new LiveFeed({ log, choice, counts, clock: options.clock, show })
  return {
    relay,
    page: options.settings.url,
    failed,
    get stats() {
      return { ...counts }
    },
    viewerCame: () => undefined,
    close() {
      feed.close()
      shadows.stop()
    },
  }
}

/**
 * Plays a recorded log from its beginning, once somebody watches.
 *
 * @param speed how many times as fast as recorded; Infinity without any pause
 */
export function playRecording(recorded: RecordedLog, speed: number, options: FeedOptions): StatelyFeed {
  const parts = new FeedParts('replay', options)
  const shadows = parts.shadowsOf(historyOf(recorded))
  const { counts, relay, failed } = parts
  const shown = parts.shownBy(shadows)
  const show = (place: number): void => {
    counts.seen += 1
    try {
      shown(recorded.record(place))
    } catch {
      // The file could not be read there.
      counts.dropped += 1
      failed()
    }
  }
  const player = new RecordingPlayer({ recording: recorded, speed, clock: options.clock, show })
  return {
    relay,
    page: options.settings.url,
    failed,
    get stats() {
      return { ...counts }
    },
    viewerCame: () => player.start(),
    close() {
      player.stop()
      shadows.stop()
    },
  }
}

class FeedParts {
  readonly counts: FeedCounts = createFeedCounts()
  readonly relay = new Relay()
  readonly choice: EventChoice
  readonly #options: FeedOptions
  readonly #writer: MessageWriter
  readonly #inspect: Observer<InspectionEvent>

  constructor(kind: 'live' | 'replay', options: FeedOptions) {
    const { official, settings, clock } = options
    this.#options = options
    this.choice = new EventChoice(settings, clock, this.failed)
    this.#writer = new MessageWriter(official, (message) => {
      this.counts.messages += 1
      this.relay.push(message)
    })
    this.#inspect = createShadowObserver(`${kind}-${clock.now()}`, this.#writer, this.failed)
  }

  readonly failed = (): void => {
    this.counts.failures += 1
  }

  shadowsOf(history: LogHistory): Shadows {
    return new Shadows({ history, choice: this.choice, inspect: this.#inspect, payloads: this.#options.payloads })
  }

  /** Shows a record and counts what became of it. */
  shownBy(shadows: Shadows): (record: LogRecord) => void {
    return (record) => {
      try {
        this.#writer.setTime(record.at)
        this.counts[shadows.show(record)] += 1
      } catch {
        this.counts.dropped += 1
        this.failed()
      }
    }
  }
}

function historyOf(recorded: RecordedLog): LogHistory {
  const whole = recorded.stateAt()
  return {
    ofEvent: (eventId): Transition[] => whole.recordsOf(eventId),
    *ofEndpoint(endpointId): Iterable<EndpointTransition> {
      for (const place of whole.placesOfEndpoint(endpointId)) {
        const record = recorded.record(place)
        if (isEndpointTransition(record)) yield record
      }
    },
  }
}
