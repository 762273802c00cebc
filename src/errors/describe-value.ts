const longestShown = 80
/** How the secrets of Standard Webhooks and hookline's API keys begin, which tells them from any other text. */
const secretForm = /\b(wh(?:sec|sk)_|hk_[\da-f]{12}_)[\w+/=-]+/g
const idForm = /^(?:ep|evt)_[\w-]{0,64}$/

/** How an error shows a value it refuses: short, on one line, with its type, and never calling the value's own code. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `${JSON.stringify(shorten(hideSecretForms(value)))} (string)`
    case 'number':
    case 'boolean':
      return `${value} (${typeof value})`
    case 'bigint':
      return `${value}n (bigint)`
    case 'undefined':
      return 'undefined'
    case 'object':
      return value === null ? 'null' : describeObject(value)
    default:
      return `a ${typeof value}`
  }
}

/** The same for a value that may be a secret, or hold one: nothing of what it says. */
export function describeUnshown(value: unknown): string {
  return typeof value === 'string' ? `a string of ${value.length} characters` : describeValue(value)
}

/** The same for an id: shown when it looks like one of hookline's, since a secret may have been given in its place. */
export function describeId(value: unknown): string {
  return typeof value === 'string' && idForm.test(value) ? describeValue(value) : describeUnshown(value)
}

/** The same, after "the id". */
export function nameId(value: unknown): string {
  const described = describeId(value)
  return described.startsWith('"') ? described : `that was given (${described})`
}

/** A text without the secrets in it that can be told by their form: `whsec_…`, `whsk_…`, `hk_<id>_…`. */
export function hideSecretForms(text: string): string {
  return text.replaceAll(secretForm, '$1…')
}

function shorten(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}

function describeObject(value: object): string {
  try {
    return Array.isArray(value) ? `an array of ${value.length}` : 'an object'
  } catch {
    return 'an object that cannot be read' // a proxy that was revoked
  }
}
