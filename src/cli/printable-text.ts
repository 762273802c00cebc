const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu

/**
 * Text from a log, made safe to show on a terminal: what would move the cursor, ring, colour or turn the line around is
 * shown as its code point. Line ends and tabs too, so that one value stays on one line.
 */
export function printableText(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.codePointAt(0) ?? 0
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}
