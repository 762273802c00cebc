// npm and npx run a program inside a shell. A signal that ends npm reaches that shell, and many end without passing it on: the
// service would run on with the port and the file, unknown to whoever ended it.
import type { Clock } from '../../clock/clock.ts'

export interface NpmShell {
  readonly clock: Clock
  /** What npm says in it of what it runs. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly parentId: () => number
}

const lookMs = 250

/** Calls `end` once when `npm start` of hookline, or npx, started this process and its shell is gone. Never with any other parent. */
export function whenNpmShellIsGone({ clock, environment, parentId }: NpmShell, end: () => void): void {
  if (!isStartedByNpm(environment)) return
  const shell = parentId()
  let isGone = false
  const look = (): void => {
    // A signal to all of them reaches this process too: it comes first.
    if (isGone) return end()
    isGone = parentId() !== shell
    clock.setTimeout(look, lookMs).unref?.()
  }
  clock.setTimeout(look, lookMs).unref?.()
}

function isStartedByNpm({ npm_lifecycle_event, npm_package_name }: NpmShell['environment']): boolean {
  return npm_lifecycle_event === 'npx' || (npm_lifecycle_event === 'start' && npm_package_name === 'hookline')
}
