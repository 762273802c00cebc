const invisible = /[\p{C}\p{Zl}\p{Zp}]/gu

/**
 * A name as it may stand in any text: what would break a line, steer a terminal, turn the writing round or not be allowed in
 * XML is shown as its code point, `\u{1b}`.
 */
export function visibleText(name: string): string {
  return name.replace(invisible, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
}
