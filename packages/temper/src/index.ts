/**
 * The public library: the flows that the CLI runs, the world they run in, and the nouns they speak of.
 *
 * A flow takes a request and a `Context`, which stands for everything outside: HTTP, clock, folders, progress. It
 * returns plain values and prints nothing; what goes wrong is a `TemperError` with a stable code. How to call one:
 * docs/how-to/use-as-a-library.md. What may change, and how that is announced: docs/reference/stability.md.
 */

export * from './public/assess.ts'
export * from './public/build.ts'
export * from './public/comply.ts'
export * from './public/context.ts'
export * from './public/evidence.ts'
export * from './public/feeds.ts'
export * from './public/image.ts'
export * from './public/model.ts'
export * from './public/policy.ts'
export * from './public/report.ts'
export * from './public/run.ts'
export * from './public/sbom.ts'
export * from './public/scan.ts'
export * from './public/trust.ts'
export * from './public/vex.ts'
