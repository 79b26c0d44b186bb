import { runTestFile } from './test-file.ts'

/** Kills server, database and worker of a factory at random so many times (default 100), each time within a build. */
export async function killFactories([rounds = '100']: readonly string[]): Promise<boolean> {
  return runTestFile('packages/server/test/interop/kills.test.ts', {
    TEMPER_INTEROP: '1',
    TEMPER_FACTORY_KILLS: rounds,
  })
}
