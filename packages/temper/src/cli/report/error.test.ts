import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { parseReference } from '../../oci/reference.ts'
import { parseRecipe } from '../../recipe/read.ts'
import { describeError, errorJson, errorText } from './error.ts'

const { signal } = new AbortController()
const plain = (text: string) => text
const style = { finished: plain, bold: plain, dim: plain, good: plain, warn: plain, bad: plain }

/** All that is ever printed of an error. */
function printed(error: unknown): string {
  const described = describeError(error, signal)
  return `${errorText(described, style)}${JSON.stringify(errorJson(described))}`
}

function thrownBy(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

const recipe = (url: string) => `name: x\ncontents:\n  mirrors: [${url}]\n  packages: 7 # ${url}\n`
const errors: readonly ((url: string) => unknown)[] = [
  (url) => thrownBy(() => parseReference(url)),
  (url) => thrownBy(() => parseReference(`${url}:1@sha256:x`)),
  (url) => thrownBy(() => parseReference(url.replace(/^[a-z]+:\/\//, ''))),
  (url) => thrownBy(() => parseRecipe(recipe(url), { name: 'x', file: 'x.yaml', vars: {} })),
  (url) =>
    thrownBy(() =>
      parseRecipe(`${' '.repeat(90)}# ${url}\nname: [${url}]`, { name: 'x', file: 'x.yaml', vars: {} }),
    ),
  (url) =>
    new TemperError('network', `GET ${url}: refused`, {
      hint: `Try ${url}`,
      details: { url, all: [{ url }] },
    }),
  (url) => new Error(`broken ${url}`),
]

it('no error shows a password, as text or as JSON', () => {
  const password = fc.stringMatching(/^[A-Za-z0-9!$&*+.;=~^%-]{1,20}$/)
  fc.assert(
    fc.property(
      fc.constantFrom('https', 'http', 'ftp', 'docker'),
      password,
      fc.constantFrom(...errors),
      (scheme, random, make) => {
        const url = `${scheme}://user:geheim${random}geheim@registry.example/team/x`
        expect(printed(make(url))).not.toContain('geheim')
      },
    ),
    { numRuns: 300 },
  )
})
