import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agree, followed, hasDash, ran } from './fixtures/sample-dash.ts'
import { sampleScripts } from './fixtures/sample-script.ts'

describe.skipIf(!hasDash)('scripts, as a real shell runs them', () => {
  it('are followed word by word', () => {
    const scripts = fc.sample(sampleScripts, { seed: 4, numRuns: 200 })
    const real = ran(scripts)
    const pairs = scripts.map((script, index) => ({
      script,
      follows: followed(script),
      ran: real[index] ?? [],
    }))
    const wrong = pairs
      .filter((each) => !agree(each.follows, each.ran))
      .sort((a, b) => a.script.length - b.script.length)
    expect(wrong[0]).toBeUndefined()
    // Not knowing is never wrong; it must not be the rule.
    expect(pairs.filter((each) => each.follows.join() === each.ran.join()).length).toBeGreaterThan(190)
  })

  /** What maintainer scripts write, and what is easily read otherwise: `a` is called with words, `i` reads. */
  const idioms = readFileSync(new URL('fixtures/idioms.txt', import.meta.url), 'utf8').split('----\n')

  it.each(idioms)('are followed exactly: %j', (script) => {
    const [real] = ran([script])
    expect(followed(script)).toEqual(real)
  })
})
