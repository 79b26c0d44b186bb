import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What a server counts, in Prometheus' text format. */
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
  readonly #open = new Gauge({
    name: 'temper_http_requests_open',
    help: 'Requests in progress.',
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
    this.#requests.inc({ surface, method, status })
    this.#seconds.observe({ surface }, seconds)
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }
}
