// The calls that submit: what is given is read, its endpoints are looked up, and it is admitted.
import type { EndpointRegistry } from '../endpoint/endpoint-registry.ts'
import { EndpointDisabledError } from '../errors/errors.ts'
import type { SubmissionResult } from '../webhook-service.ts'
import type { Admission, Requested } from './admission.ts'
import { readBatch } from './batch.ts'
import type { BatchItem } from './batch.ts'
import { readSubmission } from './submission.ts'

export class Submissions {
  readonly #endpoints: EndpointRegistry
  readonly #admission: Admission
  readonly #checkOpen: (call: string) => void

  /** `checkOpen` throws when the service takes nothing new. It is asked before a payload's own code is run, and after. */
  constructor(endpoints: EndpointRegistry, admission: Admission, checkOpen: (call: string) => void) {
    this.#endpoints = endpoints
    this.#admission = admission
    this.#checkOpen = checkOpen
  }

  submitEvent(endpointId: unknown, eventType: unknown, payload: unknown, options: unknown): string {
    this.#checkOpen('submitEvent')
    const submission = readSubmission(eventType, payload, options)
    this.#checkOpen('submitEvent')
    return this.#admission.admitOne(this.#endpoints.getEnabled(endpointId), submission)
  }

  publishEvent(eventType: unknown, payload: unknown, options: unknown): string[] {
    this.#checkOpen('publishEvent')
    const submission = readSubmission(eventType, payload, options)
    this.#checkOpen('publishEvent')
    return this.#admission.admit(this.#endpoints.subscribersOf(submission.eventType), submission)
  }

  submitEvents(events: unknown): string[] {
    const batch = this.#readBatch('submitEvents', events)
    return this.#admission.admitBatch(batch.map((item) => this.#request(item)))
  }

  submitEach(events: unknown): SubmissionResult[] {
    const batch = this.#readBatch('submitEach', events)
    return this.#admission.admitEach(batch.map((item) => this.#requestUnlessDisabled(item)))
  }

  #readBatch(call: string, events: unknown): readonly BatchItem[] {
    this.#checkOpen(call)
    const batch = readBatch(events)
    this.#checkOpen(call)
    return batch
  }

  /** @throws EndpointNotFoundError, EndpointDisabledError */
  #request({ endpointId, submission }: BatchItem): Requested {
    return { lanes: this.#endpoints.getEnabled(endpointId, submission.where), submission }
  }

  #requestUnlessDisabled(item: BatchItem): Requested | EndpointDisabledError {
    try {
      return this.#request(item)
    } catch (error) {
      if (error instanceof EndpointDisabledError) return error
      throw error
    }
  }
}
