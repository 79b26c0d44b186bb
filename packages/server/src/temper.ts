/** The only door to the library: what is built names the package here. */
export {
  type Context,
  gate,
  gateJson,
  openPolicy,
  parseReference,
  silentProgress,
  TemperError,
} from '../../temper/src/index.ts'
