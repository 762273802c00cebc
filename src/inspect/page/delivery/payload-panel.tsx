import type { PayloadView } from '../../view/view-source.ts'
import { formatBytes } from '../text/format-time.ts'
import { LongText } from './record-list.tsx'

/** The submitted body, where payloads are shown. */
export function PayloadPanel({ payload: { bytes, text } }: { readonly payload: PayloadView }) {
  return (
    <div class="payload">
      <p>The body has {formatBytes(bytes)}.</p>
      {text === null ? (
        <p class="note">
          Payloads are not shown. <code>hookline inspect FILE --payloads</code>, or the option{' '}
          <code>payloads: true</code>, shows them.
        </p>
      ) : (
        <LongText text={indented(text)} />
      )}
    </div>
  )
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
