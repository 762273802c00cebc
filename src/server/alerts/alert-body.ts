import type { Alert } from './alert.ts'
import type { AlertForm } from './alert-options.ts'

/** What is posted for an alert. */
export function alertBody(alert: Alert, form: AlertForm): unknown {
  return form === 'json' ? alert : { text: slackText(alert) }
}

/** Slack reads `<…>` and `&` as its own: what endpoints and publishers have named must not call a channel or show a link. */
function slackText({ message, more }: Alert): string {
  const text = more === 0 ? message : `${message} (and ${more} more)`
  return `hookline: ${text}`.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
