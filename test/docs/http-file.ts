// Reads files of requests, as the HTTP clients of editors do.

/** A request of such a file: its texts hold the names of variables yet, as `{{name}}`. */
export interface HttpFileRequest {
  /** What stands after `###`. */
  readonly name: string
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Null for none. */
  readonly body: string | null
  /** Variables that its answer tells, and where in it they stand. */
  readonly tells: readonly { readonly variable: string; readonly path: string }[]
}

export interface HttpFile {
  readonly variables: ReadonlySet<string>
  readonly requests: readonly HttpFileRequest[]
}

/** @throws Error for a line that no client understands */
export function readHttpFile(text: string): HttpFile {
  const [head = '', ...parts] = text.split(/^### /m)
  const variables = Array.from(head.matchAll(/^@(\w+) = \S/gm), ([, name = '']) => name)
  return { variables: new Set(variables), requests: parts.map(readRequest) }
}

/** A text in which every variable has its value. @throws Error for one that has none */
export function fillVariables(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values.get(name)
    if (value === undefined) throw new Error(`{{${name}}} has no value yet`)
    return value
  })
}

/** What stands at a path such as `.events[0].eventId`. */
export function valueAt(value: unknown, path: string): unknown {
  const names = Array.from(path.matchAll(/\.(\w+)|\[(\d+)\]/g), ([, name, index]) => name ?? index ?? '')
  return names.reduce<unknown>((at, name) => Reflect.get(Object(at), name), value)
}

function readRequest(part: string): HttpFileRequest {
  const [top = '', ...bodyParts] = part.trim().split('\n\n')
  const [name = '', ...lines] = top.split('\n')
  const comments = lines.filter((line) => line.startsWith('#'))
  const [first = '', ...headers] = lines.filter((line) => !line.startsWith('#'))
  const [, method = '', url = ''] = /^([A-Z]+) (\S+)$/.exec(first) ?? []
  if (method === '') throw new Error(`not a request: ${first}`)
  return {
    name,
    method,
    url,
    headers: headers.map(readHeader),
    body: bodyParts.length === 0 ? null : bodyParts.join('\n\n'),
    tells: comments.map(readComment),
  }
}

function readHeader(line: string): readonly [string, string] {
  const [, name, value] = /^([\w-]+): (.+)$/.exec(line) ?? []
  if (name === undefined || value === undefined) throw new Error(`not a header: ${line}`)
  return [name, value]
}

function readComment(line: string): HttpFileRequest['tells'][number] {
  const [, variable, path] = /^# \{\{(\w+)\}\} is the answer's (\S+)$/.exec(line) ?? []
  if (variable === undefined || path === undefined)
    throw new Error(`a comment that says nothing of its answer: ${line}`)
  return { variable, path }
}
