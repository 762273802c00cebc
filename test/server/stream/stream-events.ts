export interface StreamEvent {
  readonly type: string
  readonly id: string | null
  /** The parsed JSON. */
  readonly data: unknown
}

/** Blocks that are whole, by the rules of the EventSource specification as far as they are used. @throws Error for any other line */
export function parseEvents(text: string): StreamEvent[] {
  const events: StreamEvent[] = []
  for (const block of text.split('\n\n').slice(0, -1)) {
    let [type, id, data] = ['message', null as string | null, null as string | null]
    for (const line of block.split('\n')) {
      const [, field = '', value = ''] = /^([a-z]*): ?(.*)$/.exec(line) ?? []
      if (field === 'event') type = value
      else if (field === 'id') id = value
      else if (field === 'data') data = data === null ? value : `${data}\n${value}`
      else if (field !== 'retry' && field !== '') throw new Error(`not a line of a stream: ${line}`)
    }
    if (data !== null) events.push({ type, id, data: JSON.parse(data) })
  }
  return events
}
