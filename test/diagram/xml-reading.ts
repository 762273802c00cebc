/** An element as read, with its text as it is meant. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
  /** Its own text, and not that of its children. */
  text: string
}

const token =
  /<(?<closed>\/[\w-]+)>|<(?<opened>[\w-]+)(?<attributes>(?:\s+[\w:-]+="[^"<]*")*)(?<empty>\/?)>|(?<text>[^<]+)/y
const references = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#160;', ' '],
])

/** Reads XML of the plain kind that drawings are made of. Throws where it is not well-formed. */
export function readXml(xml: string): XmlElement {
  const forbidden = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(xml)
  if (forbidden !== null) throw new Error(`XML has no character ${JSON.stringify(forbidden[0])}`)
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  token.lastIndex = 0
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex
    const { closed, opened, attributes = '', empty, text } = token.exec(xml)?.groups ?? {}
    const innermost = open.at(-1)!
    if (text !== undefined) innermost.text += meant(text)
    else if (opened !== undefined) {
      const element = { name: opened, attributes: readAttributes(attributes), children: [], text: '' }
      innermost.children.push(element)
      if (empty === '') open.push(element)
    } else if (closed === `/${innermost.name}`) open.pop()
    else throw new Error(`not well-formed here: ${xml.slice(at, at + 80)}`)
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('XML is one element, opened and closed')
  return root.children[0]!
}

/** An element and all that is in it. */
export function allElements(element: XmlElement): readonly XmlElement[] {
  return [element, ...element.children.flatMap(allElements)]
}

function readAttributes(written: string): Record<string, string> {
  const pairs = [...written.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]): [string, string] => [
    name!,
    meant(value!),
  ])
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw new Error(`an attribute twice: ${written}`)
  return Object.fromEntries(pairs)
}

function meant(text: string): string {
  return text.replace(/&[^;]*;?/g, (reference) => {
    const character = references.get(reference)
    if (character === undefined) throw new Error(`no reference: ${reference}`)
    return character
  })
}
