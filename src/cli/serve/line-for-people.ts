/**
 * A line of the log as people want to read it: of a request what was asked and answered, in words; what is null is left out.
 *
 * @param line JSON, as the logger writes it
 */
export function lineForPeople(line: string): Readonly<Record<string, unknown>> {
  const all = JSON.parse(line) as Record<string, unknown> // the logger has just made it of an object
  const said = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
  if (said['msg'] !== 'request') return said
  const { method, route = 'an unknown path', status, ms, ...rest } = said
  return { ...rest, msg: `${String(method)} ${String(route)}: ${String(status)}, ${String(ms)} ms` }
}
