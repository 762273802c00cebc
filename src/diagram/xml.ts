import { visibleText } from './visible-text.ts'

export type XmlAttributes = Readonly<Record<string, string | number>>

/** An XML element. `content` is XML already; attributes are text, and numbers are shown to a tenth. */
export function xmlElement(name: string, attributes: XmlAttributes, content = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${attributeValue(value)}"`)
  return content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>`
}

/** Any text, as the content of an element or the value of an attribute in double quotes. */
export function xmlText(text: string): string {
  return visibleText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function attributeValue(value: string | number): string {
  return typeof value === 'number' ? `${Math.round(value * 10) / 10}` : xmlText(value)
}
