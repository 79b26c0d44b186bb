/** The service around Temper, as `temper serve` starts it. */
export { type BackedUp, backup } from './operations/backup.ts'
export { type Restored, restore } from './operations/restore.ts'

export { type Reported, reportRunning } from './running/agent.ts'
export { type RunningServer, reindex, serve } from './server.ts'
export type { Settings } from './settings.ts'
export { type SettingsSources, settingsFrom } from './settings-sources.ts'
export { parseWorkerSettings, type WorkerSettings, work } from './workers/worker.ts'
