// The figures of a service in the form that Prometheus reads. Counts are kept as deliveries go on; everything else is
// read when it is asked for.
import { Counter, Gauge, Registry } from 'prom-client'
import type { Clock } from '../../clock/clock.ts'
import type { WebhookService } from '../../webhook-service.ts'
import { DeliveryCounts } from './delivery-counts.ts'
import { DurationHistogram } from './duration-histogram.ts'
import { EndpointConditions } from './endpoint-conditions.ts'
import { figures } from './figures.ts'
import type { AlertCounts, Figure, Reading, StreamCounts } from './figures.ts'
import { processFigures } from './process-figures.ts'

export interface MetricsPorts {
  readonly service: WebhookService
  readonly clock: Clock
  readonly streamCounts: () => StreamCounts
  readonly alertCounts: () => AlertCounts
}

/** In seconds. A delivery may take as long as its retries do; a request at most ten minutes. */
const deliveryBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21_600, 86_400]
const attemptBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

export class ServiceMetrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE
  readonly #registry = new Registry()
  readonly #ports: MetricsPorts
  readonly #durations = {
    delivery: new DurationHistogram(
      'webhook_delivery_duration_seconds',
      'From submission to delivery.',
      deliveryBounds,
    ),
    attempt: new DurationHistogram('webhook_attempt_duration_seconds', 'Of one request and its answer.', attemptBounds),
  }
  readonly #counts: DeliveryCounts
  readonly #conditions: EndpointConditions
  #reading: Reading

  /** @param eventTypes how many event types are told apart; the others are counted as `other` */
  constructor(ports: MetricsPorts, eventTypes: number) {
    this.#ports = ports
    this.#counts = new DeliveryCounts(ports.service, this.#durations, eventTypes)
    this.#conditions = new EndpointConditions(ports.service)
    this.#reading = this.#read()
    for (const figure of figures) this.#define(figure)
  }

  /** The figures as they are now, in the text format of Prometheus, version 0.0.4. */
  async text(): Promise<string> {
    this.#reading = this.#read()
    const [own, ofProcess] = await Promise.all([this.#registry.metrics(), processFigures()])
    const { delivery, attempt } = this.#durations
    return [own, delivery.text, attempt.text, ofProcess].join('\n')
  }

  stop(): void {
    this.#counts.stop()
    this.#conditions.stop()
  }

  #read(): Reading {
    const { service, clock, streamCounts, alertCounts } = this.#ports
    return {
      nowMs: clock.now(),
      stats: service.stats(),
      counts: this.#counts,
      conditions: this.#conditions.count(),
      streams: streamCounts(),
      alerts: alertCounts(),
    }
  }

  #define({ name, help, type, label, read }: Figure): void {
    const labelNames = label === null ? [] : [label]
    const labelsOf = (value: string): Record<string, string> => (label === null ? {} : { [label]: value })
    const registers = [this.#registry]
    if (type === 'counter') {
      const counter: Counter = new Counter({
        name,
        help,
        labelNames,
        registers,
        collect: () => {
          counter.reset()
          for (const [value, count] of read(this.#reading)) counter.inc(labelsOf(value), count)
        },
      })
      return
    }
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect: () => {
        // Without a label, `reset` would leave a 0 where there may be nothing to show.
        if (label === null) gauge.remove()
        else gauge.reset()
        for (const [value, figure] of read(this.#reading)) gauge.set(labelsOf(value), figure)
      },
    })
  }
}
