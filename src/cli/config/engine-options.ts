// What the configuration means to the engine, and what the engine itself has to say about it: values that fit one by one and
// not together.
import { InvalidOptionError } from '../../errors/errors.ts'
import { secretBox } from '../../sealing/secret-box.ts'
import { readServerLimits } from '../../server/server-limits.ts'
import { resolveServiceOptions } from '../../service-options.ts'
import type { WebhookServiceOptions } from '../../service-options.ts'
import type { Config } from './config-schema.ts'

/** The options of `createWebhookService`, but for the log. */
export function engineOptions(config: Config): WebhookServiceOptions {
  const { retry, retryPolicies, timeoutMs, concurrency, limits, retention, egress } = config
  const { perSecond, burst } = config.rateLimit
  const rateLimit = perSecond === undefined ? null : { perSecond, burst }
  return { retry, retryPolicies, timeoutMs, concurrency, rateLimit, limits, retention, egress }
}

/** What does not fit together, a line each; `source` says where a key comes from. */
export function engineProblems(
  config: Config,
  environment: Readonly<Record<string, string | undefined>>,
  source: (path: string) => string,
): string[] {
  const problems: string[] = []
  const check = (act: () => unknown): void => {
    try {
      act()
    } catch (error) {
      if (!(error instanceof InvalidOptionError)) throw error
      // The path of the engine's option is the key's, down to the list or the field.
      problems.push(`${source(keyOf(error.option))}: ${error.message}`)
    }
  }
  const { retry, retryPolicies, egress, secretKeys, rateLimit, alerts, server } = config
  check(() => resolveServiceOptions({ retry }, environment))
  check(() => resolveServiceOptions({ retryPolicies }, environment))
  check(() => resolveServiceOptions({ egress }, environment))
  check(() => secretBox(secretKeys))
  check(() => readServerLimits(server))
  if (rateLimit.burst !== undefined && rateLimit.perSecond === undefined) {
    problems.push(`${source('rateLimit.burst')}: rateLimit.burst is of no use without rateLimit.perSecond`)
  }
  if (alerts.url !== undefined && alerts.form === 'json' && alerts.secret === undefined) {
    problems.push(
      `${source('alerts.url')}: alerts.url needs alerts.secret, which signs the alerts, or alerts.form: slack`,
    )
  }
  return problems
}

function keyOf(option: string): string {
  const [section = ''] = option.split('[')
  return section
}
