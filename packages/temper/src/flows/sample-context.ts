import { join } from 'node:path'
import { silentProgress } from '../base/progress.ts'
import type { Context } from './context.ts'

/** A world for tests: a folder of the test's own, a clock that stands still, and no network unless `more` says so. */
export function sampleContext(folder: string, more: Partial<Context> = {}): Context {
  const nowhere = join(folder, 'none')
  return {
    fetch: () => Promise.reject(new Error('no network in this test')),
    now: () => new Date('2026-01-02T03:04:05.678Z'),
    cacheDir: join(folder, 'cache'),
    offline: true,
    progress: silentProgress,
    signal: new AbortController().signal,
    runtimes: {},
    mirrors: {},
    catalogDir: nowhere,
    keysDir: nowhere,
    hostRoot: nowhere,
    workingDir: folder,
    temporaryDir: folder,
    insecureRegistries: [],
    ...more,
  }
}
