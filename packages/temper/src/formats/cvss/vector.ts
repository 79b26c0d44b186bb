/** Metrics of a CVSS vector by name; every required one is there. */
export type Metrics = ReadonlyMap<string, string>

/** Longer text is no vector: version 4.0 with every metric has some 200 characters. */
const lengthLimit = 400

/** The values that each required metric may have, by its name: { AV: 'NAL' } allows N, A and L. */
export type MetricValues = Readonly<Record<string, string>>

/**
 * Reads `AV:N/AC:L/…`, without the prefix that names the version. Metrics that the grammar does not name are kept as
 * they are. Undefined when a required one is missing or has an invalid value, or when one occurs twice.
 */
export function parseMetrics(text: string, grammar: MetricValues): Metrics | undefined {
  if (text.length > lengthLimit) return undefined
  const metrics = new Map<string, string>()
  for (const part of text.split('/')) {
    const [, name, value] = /^([A-Za-z]{1,3}):([A-Za-z]{1,4})$/.exec(part) ?? []
    if (name === undefined || value === undefined || metrics.has(name)) return undefined
    metrics.set(name, value)
  }
  for (const [name, values] of Object.entries(grammar)) {
    const value = metrics.get(name)
    if (value === undefined || value.length !== 1 || !values.includes(value)) return undefined
  }
  return metrics
}

/** The weight of a metric's value, from a table by metric and value. */
export function weight(metrics: Metrics, name: string, weights: Readonly<Record<string, number>>): number {
  return weights[metrics.get(name) ?? ''] ?? 0
}
