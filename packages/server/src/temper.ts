/** The only door to the library: what is built names the package here. */
export { TemperError } from '../../temper/src/index.ts'
