import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { WatchHealth } from '../watch/health.ts'

/** Measurements of a server, in Prometheus' text format. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #requests = new Counter({
    name: 'temper_http_requests_total',
    help: 'Requests answered.',
    labelNames: ['surface', 'method', 'status'],
    registers: [this.#registry],
  })
  readonly #seconds = new Histogram({
    name: 'temper_http_request_seconds',
    help: 'Time from a request to the end of its answer.',
    labelNames: ['surface'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300],
    registers: [this.#registry],
  })
  readonly #counters = new Map<string, Counter.Internal>()
  readonly #timers: { [surface: string]: Histogram.Internal<'surface'> } = {}
  readonly #open = new Gauge({
    name: 'temper_http_requests_open',
    help: 'Requests in progress.',
    registers: [this.#registry],
  })

  readonly #stopped = new Gauge({
    name: 'temper_look_stopped',
    help: 'Whether a recurring task has stopped (1) or runs (0).',
    labelNames: ['look'],
    registers: [this.#registry],
  })
  readonly #old = new Gauge({
    name: 'temper_feed_old',
    help: 'Whether a feed is old or cannot be read (1) or is in order (0).',
    labelNames: ['feed'],
    registers: [this.#registry],
  })
  readonly #late = new Gauge({
    name: 'temper_findings_late',
    help: 'Findings that are past their due day and not waived.',
    registers: [this.#registry],
  })

  constructor() {
    collectDefaultMetrics({ register: this.#registry })
  }

  begin(): void {
    this.#open.inc()
  }

  end(request: {
    readonly surface: 'registry' | 'api'
    readonly method: string
    readonly status: number
    readonly seconds: number
  }): void {
    const { surface, method, status, seconds } = request
    this.#open.dec()
    this.#counterOf(surface, method, status).inc()
    const timer = this.#timers[surface] ?? this.#seconds.labels({ surface })
    this.#timers[surface] = timer
    timer.observe(seconds)
  }

  /** Finding it by its labels takes longer than all else. Methods and statuses are few: Node knows only those that there are. */
  #counterOf(surface: string, method: string, status: number): Counter.Internal {
    const key = `${surface} ${method} ${status}`
    const counter = this.#counters.get(key) ?? this.#requests.labels({ surface, method, status })
    this.#counters.set(key, counter)
    return counter
  }

  /** The state of a factory at this moment. */
  factory({ looks, feeds }: WatchHealth, late: number): void {
    this.#stopped.reset()
    this.#old.reset()
    for (const { name, stopped } of looks) this.#stopped.set({ look: name }, Number(stopped))
    for (const { id, old, error } of feeds) this.#old.set({ feed: id }, Number(old || error !== null))
    this.#late.set(late)
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }
}
