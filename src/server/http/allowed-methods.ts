import type { Method, Route } from '../routes/route.ts'

/** The methods that a path is served with; none when there is no such path. GET brings HEAD with it. */
export function allowedMethods(routes: readonly Route[], path: string): readonly (Method | 'HEAD')[] {
  const segments = path.split('/')
  const methods = new Set<Method | 'HEAD'>()
  for (const route of routes) {
    if (!matches(route.path.split('/'), segments)) continue
    methods.add(route.method)
    if (route.method === 'GET') methods.add('HEAD')
  }
  return [...methods].sort()
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false
  return pattern.every((part, index) => (part.startsWith(':') ? segments[index] !== '' : part === segments[index]))
}
