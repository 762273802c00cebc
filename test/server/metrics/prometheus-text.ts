// The text format of Prometheus, version 0.0.4, read as strictly as its description allows.

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped'
  readonly samples: Sample[]
}

const familyTypes = ['counter', 'gauge', 'histogram', 'summary', 'untyped'] as const
const metricName = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const sampleForm = new RegExp(`^(${metricName})(?:\\{(.*)\\})? (\\S+)$`)
const labelForm = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(?:,|$)/

/** Throws at the first line that is not allowed, and at histograms that do not add up. */
export function parsePrometheusText(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const families = new Map<string, Family>()
  const helps = new Map<string, string>()
  const series = new Set<string>()
  let current: Family | null = null
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? []
    if (kind === 'HELP') {
      if (helps.has(name) || rest === '') throw new Error(`a second or empty help: ${line}`)
      helps.set(name, rest)
    } else if (kind === 'TYPE') {
      const type = familyTypes.find((known) => known === rest)
      if (type === undefined || families.has(name)) throw new Error(`a second or unknown type: ${line}`)
      current = { name, help: helps.get(name) ?? '', type, samples: [] }
      families.set(name, current)
    } else {
      const sample = parseSample(line)
      if (current === null || !namesOf(current).includes(sample.name)) throw new Error(`outside its family: ${line}`)
      const id = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`
      if (series.has(id)) throw new Error(`a second value of one series: ${line}`)
      series.add(id)
      current.samples.push(sample)
    }
  }
  for (const family of families.values()) checkFamily(family)
  return families
}

/** The value of one series. Throws when there is none. */
export function valueOf(families: Map<string, Family>, name: string, labels: Record<string, string> = {}): number {
  for (const family of families.values()) {
    for (const sample of family.samples) {
      if (sample.name === name && sameLabels(sample.labels, labels)) return sample.value
    }
  }
  throw new Error(`there is no ${name} ${JSON.stringify(labels)}`)
}

function sameLabels(some: Readonly<Record<string, string>>, others: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(some)
  return names.length === Object.keys(others).length && names.every((name) => some[name] === others[name])
}

function parseSample(line: string): Sample {
  const [, name = '', labels = '', value = ''] = sampleForm.exec(line) ?? []
  if (name === '') throw new Error(`not a sample: ${line}`)
  const number = value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value)
  if (Number.isNaN(number) && value !== 'NaN') throw new Error(`not a number: ${line}`)
  return { name, labels: parseLabels(labels), value: number }
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  let rest = text
  while (rest !== '') {
    const [whole, name = '', value = ''] = labelForm.exec(rest) ?? []
    if (whole === undefined || name in labels) throw new Error(`not labels: {${text}}`)
    labels[name] = value.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))
    rest = rest.slice(whole.length)
  }
  return labels
}

function namesOf({ name, type }: Family): string[] {
  if (type === 'histogram') return [`${name}_bucket`, `${name}_sum`, `${name}_count`]
  return type === 'summary' ? [name, `${name}_sum`, `${name}_count`] : [name]
}

function checkFamily({ name, help, type, samples }: Family): void {
  if (help === '') throw new Error(`${name} has no help`)
  if (type === 'counter' && samples.some(({ value }) => !(value >= 0))) throw new Error(`${name} counts below nothing`)
  if (type !== 'histogram') return
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`)
  const groups = groupsOf(buckets)
  for (const group of groups.values()) {
    const bounds = group.map(({ labels }) => (labels['le'] === '+Inf' ? Infinity : Number(labels['le'])))
    const counts = group.map(({ value }) => value)
    const rising = (numbers: number[], step: (a: number, b: number) => boolean): boolean =>
      numbers.every((number, index) => index === 0 || step(numbers[index - 1]!, number))
    if (!rising(bounds, (a, b) => a < b) || !rising(counts, (a, b) => a <= b) || bounds.at(-1) !== Infinity) {
      throw new Error(`the buckets of ${name} do not add up`)
    }
  }
}

/** By what stands beside `le`. */
function groupsOf(buckets: readonly Sample[]): Map<string, Sample[]> {
  const groups = new Map<string, Sample[]>()
  for (const bucket of buckets) {
    const key = JSON.stringify({ ...bucket.labels, le: '' })
    groups.set(key, [...(groups.get(key) ?? []), bucket])
  }
  return groups
}
