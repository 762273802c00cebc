/** What the core says in front of a message: the method that was called, or where an event stands in its list. */
const placeInCore = /^(?:events\[\d+\][.\w]*|[a-z]+[A-Z]\w*): /

/**
 * A message of the core, for whoever asks by HTTP: without the names of methods, and without places in a list that the core made of
 * what was sent. Where in the request something is wrong, the fields of the error say.
 */
export function inApiWords(message: string): string {
  return message
    .replace(placeInCore, '')
    .replace(/\bof events\[\d+\]/, 'of another event of this request')
    .replace('with resumeEndpoint', 'by resuming its webhook')
    .replace('resumeEndpoint', 'resuming it')
}
