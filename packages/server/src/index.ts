/** The service around Temper, as `temper serve` starts it. */
export { type RunningServer, reindex, serve } from './server.ts'
export { parseSettings, type Settings } from './settings.ts'
