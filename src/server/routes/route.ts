// A route as data: where it is, who may, what it takes and answers. The table of all routes is the only source of what
// the server serves, of its OpenAPI document, and of the tests that walk every route.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Static, TSchema } from 'typebox'
import type { Caller, Role } from '../keys/caller.ts'
import type { TouchedEvents } from '../http/touched-events.ts'
import type { ServerContext } from '../server-context.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Who may: everyone without a key, or keys of these roles. With the scope `'tenant'` a tenant's key sees and touches what
 * is its tenant's; with `'platform'` only keys that belong to no tenant are let in.
 */
export type Access = 'public' | { readonly roles: readonly Role[]; readonly scope: 'tenant' | 'platform' }

/** What a request must look like; a part without a schema is not looked at. */
export interface RequestSchemas {
  readonly params?: TSchema
  readonly query?: TSchema
  readonly headers?: TSchema
  readonly body?: TSchema
}

/** What a part has turned out to be: unknown where no schema says it. */
type Part<Schemas extends RequestSchemas, Name extends keyof RequestSchemas> =
  Schemas extends Readonly<Record<Name, infer Schema extends TSchema>> ? Static<Schema> : unknown

/** A request that has been let in and checked. */
export interface Call<Schemas extends RequestSchemas = RequestSchemas> {
  readonly params: Part<Schemas, 'params'>
  readonly query: Part<Schemas, 'query'>
  readonly headers: Part<Schemas, 'headers'>
  readonly body: Part<Schemas, 'body'>
  /** The body as it came, byte for byte; `''` when there was none. */
  readonly bodyText: string
  readonly caller: Caller
  readonly requestId: string
  /** Takes the ids of the events that the request makes or changes, before the wait for storage: that may fail, and they be stored. */
  readonly touched: TouchedEvents
  readonly context: ServerContext
  /** As Node has it; its body has been read. */
  readonly request: IncomingMessage
}

/** What a route answers: one of `body`, `text` and `stream`, or none of them. */
export interface Answer {
  readonly status: number
  /** Anything with a JSON form. */
  readonly body?: unknown
  /** A text that is sent as it is; its media type stands in `headers`, and is JSON where it does not. */
  readonly text?: string
  /** Takes over the response, whose status and headers have been sent. It ends it when `context.closing` is aborted. */
  readonly stream?: (response: ServerResponse) => void
  readonly headers?: Readonly<Record<string, string>>
}

export interface Route<Schemas extends RequestSchemas = RequestSchemas> {
  readonly method: Method
  /** `/api/v1/webhooks/:id` */
  readonly path: string
  /** Unique: `getWebhook`. */
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  /** The heading under which the documentation shows it. */
  readonly tag: string
  /** Left out of the documentation: it is part of it. */
  readonly undocumented?: true
  readonly access: Access
  readonly request: Schemas
  /** Whether payloads stand in its body: that may be as long as the server takes any, and others' are held to 256 KiB. */
  readonly takesPayloads?: true
  /**
   * The body of the answer by status. The errors that any route may answer are added to the documentation, and stand here only
   * where a route has more to say of them.
   */
  readonly responses: Readonly<Record<number, TSchema>>
  /** Headers that its answers of a status have, and what each says. Those of errors that any route may answer are added. */
  readonly answerHeaders?: Readonly<Record<number, Readonly<Record<string, string>>>>
  /** Of what it answers when all is well; errors are JSON always. @default application/json */
  readonly mediaType?: string
  // A method, not a property: a route of particular schemas is a route.
  handle(call: Call<Schemas>): Answer | Promise<Answer>
}

/** Types a route's handler by its schemas. */
export function defineRoute<const Schemas extends RequestSchemas>(route: Route<Schemas>): Route {
  return route
}
