import { runTestFile } from './test-file.ts'

/** Builds the large images of the tests, too, from each state that a cache can be in, and compares what is written. */
export async function compareCacheStates(): Promise<boolean> {
  return runTestFile('packages/temper/test/e2e/warm-cache.test.ts', { TEMPER_WARM_CACHE: 'thorough' })
}
