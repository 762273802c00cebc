import type { Overview } from '../view/view-source.ts'
import { ShownText } from './text/shown-text.tsx'

export interface TopBarProps {
  readonly overview: Overview
  readonly lost: boolean
  readonly paused: boolean
  readonly onPause: (paused: boolean) => void
}

/** What is shown: a running service, or which recorded log. */
export function TopBar({ overview: { kind, name, problem }, lost, paused, onPause }: TopBarProps) {
  return (
    <header class="top">
      <span class="brand">hookline</span>
      {kind === 'live' ? (
        <>
          <span class={`mode ${paused ? 'paused' : 'live'}`} role="status">
            {paused ? 'Paused' : 'Live'}
          </span>
          <button type="button" class="pause" aria-pressed={paused} onClick={() => onPause(!paused)}>
            {paused ? 'Go on' : 'Pause'}
          </button>
        </>
      ) : (
        <span class="mode recorded">
          <span class="visually-hidden">Recorded log </span>
          <ShownText text={name} max={80} />
        </span>
      )}
      {lost && (
        <span class="trouble" role="alert">
          Connection lost; trying again
        </span>
      )}
      {problem !== null && (
        <span class="trouble" role="alert">
          <ShownText text={problem} max={300} />
        </span>
      )}
      <span class="zone">times are UTC</span>
    </header>
  )
}
