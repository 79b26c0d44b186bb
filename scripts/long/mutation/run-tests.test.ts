import { describe, expect, it } from 'vitest'
import { runTests } from './run-tests.ts'
import * as suite from './suite.ts'

/** Outcomes as "id: failure", of tests that `declare` declares, and the calls that it recorded. */
async function outcomes(
  declare: (say: (word: string) => () => void) => void,
  choose: (id: string) => boolean = () => true,
): Promise<{ readonly said: readonly string[]; readonly ends: readonly string[] }> {
  const said: string[] = []
  const tests = await suite.collect(async () => declare((word) => () => void said.push(word)))
  const all = await runTests(
    tests.filter(({ id }) => choose(id)),
    { bail: false, onTest: () => {} },
  )
  return { said, ends: all.map(({ id, failure }) => `${id.trim()}: ${failure ?? 'good'}`) }
}

describe('tests in one process', () => {
  it('run with the hooks of their groups, outermost first, each group opened and closed once', async () => {
    const { said } = await outcomes((say) => {
      suite.beforeEach(say('each'))
      suite.it('first', say('first'))
      suite.describe('group', () => {
        suite.beforeAll(say('open'))
        suite.beforeEach(say('inner'))
        suite.afterEach(say('after inner'))
        suite.afterAll(say('close'))
        suite.it('second', say('second'))
        suite.it('third', say('third'))
      })
      suite.it('fourth', say('fourth'))
    })
    const second = ['each', 'inner', 'second', 'after inner']
    const third = ['each', 'inner', 'third', 'after inner']
    expect(said).toEqual(['each', 'first', 'open', ...second, ...third, 'close', 'each', 'fourth'])
  })

  it('fail by what they throw, and by what their hooks throw', async () => {
    const fail = () => {
      throw new TypeError('no')
    }
    const { ends } = await outcomes((say) => {
      suite.it('good', say(''))
      suite.it('bad', fail)
      suite.describe('late', () => {
        suite.afterEach(fail)
        suite.it('test', async () => {})
      })
      suite.describe('early', () => {
        suite.beforeAll(fail)
        suite.it('test', say(''))
      })
    })
    expect(ends).toEqual([
      'good: good',
      'bad: TypeError: no',
      'late test: TypeError: no',
      'early test: TypeError: no',
    ])
  })

  it('have ids of their own, in rows too, and are left out when skipped', async () => {
    const seen: unknown[] = []
    const { ends } = await outcomes((say) => {
      suite.it('same', say(''))
      suite.it('same', say(''))
      suite.it.each([
        [1, 2],
        [3, 4],
      ])('row %d', (a, b) => void seen.push([a, b]))
      suite.it.each(['x'])('word', { timeout: 1 }, (word) => void seen.push(word))
      suite.it.each([[5], 'y'])('mixed', (word) => void seen.push(word))
      suite.it.skipIf(true)('left out', say(''))
      suite.describe.skipIf(true)('left out', () => suite.it('too', say('')))
      suite.it.runIf(true)('kept', say(''))
    })
    expect(ends).toEqual(
      ['same', 'same (1)', 'row %d [0]', 'row %d [1]', 'word [0]', 'mixed [0]', 'mixed [1]', 'kept'].map(
        (id) => `${id}: good`,
      ),
    )
    expect(seen).toEqual([[1, 2], [3, 4], 'x', [5], 'y'])
  })

  it('end with the first failure when asked to', async () => {
    const tests = await suite.collect(async () => {
      suite.it('bad', () => Promise.reject(new Error('no')))
      suite.it('good', () => {})
    })
    expect(await runTests(tests, { bail: true, onTest: () => {} })).toHaveLength(1)
  })
})
