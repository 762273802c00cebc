// The local page around the hosted inspector: it takes messages from the local server and hands them to the framed page,
// and to no other. A page of ours never runs a script that is not ours.

/** What the page may load. Only the inspector's own origin may be framed. */
export function bridgePolicy(inspector: URL): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    `frame-src ${inspector.origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
}

export function bridgePage(inspector: URL): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>hookline in the Stately Inspector</title>
    <link rel="stylesheet" href="/stately/bridge.css">
  </head>
  <body>
    <p id="status" role="status">Waiting for ${escapeHtml(inspector.href)} to load.</p>
    <iframe id="inspector" title="Stately Inspector" src="${escapeHtml(inspector.href)}"></iframe>
    <script src="/stately/bridge.js"></script>
  </body>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

export const bridgeStyle = `html, body { height: 100%; margin: 0 }
body { display: flex; flex-direction: column; font: 14px/1.5 system-ui, sans-serif; color-scheme: light dark }
#status { margin: 0; padding: 6px 12px }
#inspector { flex: 1; width: 100%; border: 0 }
`

/**
 * Opens the stream when the framed page says that it listens, and again whenever it does so anew: a reloaded page knows
 * nothing. A stream that breaks is taken up after the last message that arrived.
 */
export const bridgeScript = `'use strict'
{
  const retryMs = 2000
  const patienceMs = 15000
  const frame = document.getElementById('inspector')
  const status = document.getElementById('status')
  const { origin } = new URL(frame.src)
  let stream = null
  let last = 0
  let retry = 0

  const say = (text) => {
    status.textContent = text
  }
  const listen = () => {
    stream = new EventSource('/stately/stream?after=' + last)
    stream.onopen = () => say('Connected. What you see goes from this machine to ' + origin + ' in this browser.')
    stream.onmessage = ({ data }) => {
      const { number, message } = JSON.parse(data)
      last = number
      frame.contentWindow.postMessage(message, origin)
    }
    stream.onerror = () => {
      stream.close()
      say('hookline does not answer; trying again.')
      retry = setTimeout(listen, retryMs)
    }
  }

  addEventListener('message', ({ source, origin: sender, data }) => {
    if (source !== frame.contentWindow || sender !== origin) return
    if (data === null || typeof data !== 'object' || data.type !== '@statelyai.connected') return
    clearTimeout(retry)
    if (stream !== null) stream.close()
    last = 0
    listen()
  })
  setTimeout(() => {
    if (stream === null) say(origin + ' has not answered. The viewer at ' + location.origin + ' needs no network.')
  }, patienceMs)
}
`
