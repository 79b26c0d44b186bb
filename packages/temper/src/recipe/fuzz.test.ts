// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of vars
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { TemperError } from '../base/error.ts'
import { parseLock } from './lock/lock-file.ts'
import { parseRecipe } from './read.ts'

/** Runs a reader that may refuse its input, but only with an error of the family and never as a defect. */
function survives(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    expect(error).toBeInstanceOf(TemperError)
    expect((error as TemperError).code).not.toBe('internal')
    expect((error as TemperError).message.length).toBeLessThan(20_000)
  }
}

const file = 'web/recipe.yaml'
const fields = [
  ...['name', 'image', 'distribution', 'platforms', 'archs', 'vars', 'contents', 'accounts', 'environment'],
  ...['entrypoint', 'cmd', 'work-dir', 'stop-signal', 'volumes', 'ports', 'paths', 'annotations', 'labels'],
  ...['os-release', 'tags', 'dates', 'hardening', 'output', 'tests', 'packages', 'repositories', 'keyring'],
  ...['files', 'users', 'groups', 'run-as', 'type', 'path', 'source', 'url', 'content', 'uid', 'gid', 'mode'],
  ...['permissions', 'allow', 'rule', 'why', 'http', 'port', 'exec', 'command', 'A', '__proto__', 'toString'],
]
const values = [
  ...[
    'nginx',
    '!dash',
    'nginx=1.*',
    '/a',
    '/a/../b',
    '${{vars.A}}',
    '${{',
    '0o755',
    'directory',
    'file',
    'x\0y',
  ],
  ...[
    'shell',
    'https://a.example',
    'deb https://a.example b c',
    '2025-01-01',
    'linux/amd64',
    '8080/tcp',
    '~',
    '',
  ],
]

/** Values of the shapes that recipes have, right and wrong. */
const recipeLike = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    fc.constantFrom<unknown>(...values, 0, -1, 65532, 8080, 0.5, true, null),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...fields), fc.string()), tie('value'), { maxKeys: 6 }),
  ),
  recipe: fc.dictionary(fc.constantFrom(...fields), tie('value'), { maxKeys: 8 }),
})).recipe

/** Bits of YAML syntax in any order. */
const yamlSoup = fc
  .array(
    fc.constantFrom(
      ...[
        '\n',
        ' ',
        '  ',
        '- ',
        ': ',
        '? ',
        '{',
        '}',
        '[',
        ']',
        ', ',
        '&a ',
        '*a',
        '!t ',
        '!!str ',
        '| ',
        '>-',
        '"',
        "'",
      ],
      ...[
        '#',
        '---\n',
        '...\n',
        '%YAML 1.1\n',
        '<<: ',
        '0o7',
        '\t',
        '\\',
        'contents',
        'packages',
        'vars',
        '${{',
        '}}',
        '@',
        '`',
      ],
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''))

describe('parseRecipe on anything', () => {
  it('text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) =>
        survives(() => parseRecipe(text, { file })),
      ),
    )
  })

  it('pieces of YAML', () => {
    fc.assert(
      fc.property(yamlSoup, (text) => survives(() => parseRecipe(text, { file }))),
      { numRuns: 1000 },
    )
  })

  it('objects', () => {
    fc.assert(
      fc.property(fc.object(), (value) => survives(() => parseRecipe(JSON.stringify(value), { file }))),
    )
  })

  it('values in the shape of recipes', () => {
    const property = fc.property(recipeLike, fc.boolean(), (value, json) =>
      survives(() => parseRecipe(json ? JSON.stringify(value) : stringify(value), { file })),
    )
    fc.assert(property, { numRuns: 1000 })
  })
})

describe('parseLock on anything', () => {
  it('text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => survives(() => parseLock(text, { file: 'l' }))),
    )
  })

  it('JSON', () => {
    const withVersion = fc.object().map((value) => ({ ...value, formatVersion: 1 }))
    fc.assert(
      fc.property(withVersion, (value) => survives(() => parseLock(JSON.stringify(value), { file: 'l' }))),
    )
  })
})
