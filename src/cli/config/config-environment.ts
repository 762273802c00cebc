// The configuration's part of the environment: HOOKLINE_ and the key's path in capitals.
import { configKeys } from './config-keys.ts'
import type { Given, Reading } from './config-source.ts'
import { suggestion } from './suggestion.ts'
import { textValue } from './text-value.ts'

/** Names the file. */
export const fileVariable = 'HOOKLINE_CONFIG'

/** Variables of other commands, which may stand in the same environment. */
const ofOtherCommands: ReadonlySet<string> = new Set([
  fileVariable,
  'HOOKLINE_API_KEY',
  'HOOKLINE_RECEIVE_SECRET',
])

/** Kubernetes describes a Service called `hookline` to every pod beside it, in variables of these forms. */
const ofKubernetes = /^HOOKLINE_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/
const kubernetesPort = /^(tcp|udp|sctp):\/\//

/** Reads it. An empty variable counts as none: that is how compose files and shells pass on what is not set. */
export function readConfigEnvironment(environment: Readonly<Record<string, string | undefined>>): Reading {
  const byVariable = new Map(configKeys.map((key) => [key.variable, key]))
  const given: Given[] = []
  const problems: string[] = []
  for (const [name, text] of Object.entries(environment)) {
    if (text === undefined || text === '' || !name.startsWith('HOOKLINE_') || isForeign(name, text)) continue
    const key = byVariable.get(name)
    if (key === undefined)
      problems.push(`${name} is no variable of hookline${suggestion(name, [...byVariable.keys()])}`)
    else given.push({ path: key.path, value: textValue(key.schema, text), source: { kind: 'variable', name } })
  }
  return { given, problems }
}

function isForeign(name: string, text: string): boolean {
  return ofOtherCommands.has(name) || ofKubernetes.test(name) || (name === 'HOOKLINE_PORT' && kubernetesPort.test(text))
}
