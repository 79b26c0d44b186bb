/** The world that flows work in, their errors, and what is kept between runs. */

export type { NamedBytes } from '../base/bytes.ts'
export type { Digest } from '../base/digest.ts'
export { exitCodes, TemperError, type TemperErrorOptions } from '../base/error.ts'
export { type ErrorCode, errorCodes } from '../base/error-code.ts'
export { type ProxyChoice, type ProxyServer, type ProxySettings, proxyChoice } from '../base/http/proxy.ts'
export { type JsonOptions, parseJson, tryJson } from '../base/json/parse.ts'
export { type NextStep, plainWords, type StepWords } from '../base/next-step.ts'
export { type Progress, type ProgressTask, silentProgress } from '../base/progress.ts'
export { cacheInfo, pruneCache } from '../flows/cache.ts'
export type { Context, MirrorConfiguration, RuntimeName, SigstoreSettings } from '../flows/context.ts'
export { dockerCredentials } from '../oci/registry/credentials.ts'
