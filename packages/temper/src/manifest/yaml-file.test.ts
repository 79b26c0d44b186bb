import { describe, expect, it } from 'vitest'
import { pinText } from './pin.ts'
import { readManifests } from './read.ts'
import { manifestLimits, readDocuments } from './yaml-file.ts'

const one = (text: string, version: '1.1' | '1.2' = '1.1') => {
  const [document] = readDocuments(text, { file: 'f.yaml', version })
  if (document === undefined) throw new Error('no document')
  return document
}

describe('values of a document', () => {
  it.each([
    ['yes', true, 'yes'],
    ['off', false, 'off'],
    ['0777', 511, 777],
    ['12:30', 750, '12:30'],
    ['0x1f', 31, 31],
    ['~', null, null],
    ['"yes"', 'yes', 'yes'],
  ])('%s is %j to Kubernetes and %j to Compose', (text, cluster, compose) => {
    expect(one(`a: ${text}\n`).value).toEqual({ a: cluster })
    expect(one(`a: ${text}\n`, '1.2').value).toEqual({ a: compose })
  })

  it('of equal keys have the last, and so has the place of it', () => {
    const document = one('a: 1\nb: 2\na: 3\n')
    expect(document.value).toEqual({ a: 3, b: 2 })
    expect(document.locate(['a']).line).toBe(3)
  })

  it('have what merge keys bring, unless they have it themselves', () => {
    const document = one('base: &b { x: 1, z: 1 }\nown:\n  z: 2\n  <<: *b\n')
    expect(document.value).toMatchObject({ own: { x: 1, z: 2 } })
    expect(document.locate(['own', 'x']).line).toBe(1)
    expect(document.locate(['own', 'z']).line).toBe(3)
  })

  it('have what several merge keys bring, the first of which counts', () => {
    const document = one('a: &a { x: 1 }\nb: &b { x: 2, z: 3 }\nown:\n  <<: [*a, *b]\n')
    expect(document.value).toMatchObject({ own: { x: 1, z: 3 } })
    expect(document.locate(['own', 'x']).line).toBe(1)
    expect(document.locate(['own', 'z']).line).toBe(2)
  })

  it('may be called like what every object has', () => {
    const { value } = one('__proto__: { polluted: true }\nconstructor: 1\n')
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('places', () => {
  const text = 'a:\n  - b: 1\n  - c: 2\nd: 3\n'
  it.each<[readonly (string | number)[], number, number]>([
    [[], 1, 1],
    [['a'], 1, 1],
    [['a', 1, 'c'], 3, 5],
    [['d'], 4, 1],
    // What is not there is at what is around it.
    [['a', 1, 'x', 'y'], 3, 5],
    [['a', 7], 1, 1],
    [['x'], 1, 1],
    [['d', 'below', 'a', 'text'], 4, 1],
  ])('of %j is %i:%i', (path, line, column) => {
    expect(one(text).locate(path)).toEqual({ file: 'f.yaml', line, column })
  })

  it('count from the start of the file, in every document of it', () => {
    const documents = readDocuments('a: 1\n---\n# empty\n---\nb: 2\n', { file: 'f.yaml', version: '1.1' })
    expect(documents.map(({ value }) => value)).toEqual([{ a: 1 }, null, { b: 2 }])
    expect(documents[2]?.locate(['b']).line).toBe(5)
  })
})

describe('the text of a scalar', () => {
  it.each([
    ['a: web\n', 'web'],
    ['a: "web"\n', 'web'],
    ["a: 'web' # comment\n", 'web'],
    ['x: &i web\na: *i\n', 'web'],
    // What is written in another way than it reads.
    ['a: "we\\x62"\n', undefined],
    ["a: 'we''b'\n", undefined],
    ['a: |\n  web\n', undefined],
    ['a: 7\n', undefined],
    ['a: [web]\n', undefined],
    ['b: web\n', undefined],
  ])('in %j is %j', (text, expected) => {
    const span = one(text).spanOf(['a'])
    expect(span && text.slice(span.start, span.end)).toBe(expected)
  })
})

describe('what is refused', () => {
  it.each([
    ['a file that is too long', 'a'.repeat(manifestLimits.bytes + 1), 'limit-exceeded'],
    ['too many documents', '---\n'.repeat(manifestLimits.documents + 1), 'limit-exceeded'],
    ['a key that is a list', 'a: 1\n? [x]\n: 2\n', 'bad-manifest'],
    ['an alias without its anchor', 'a: *b\n', 'bad-manifest'],
    ['a merge of what is no map', 'a:\n  <<: 7\n', 'bad-manifest'],
    ['a tab for indentation', 'a:\n\tb: 1\n', 'bad-manifest'],
  ])('%s', (_, text, code) => {
    expect(() => readDocuments(text, { file: 'f.yaml', version: '1.1' })).toThrow(
      expect.objectContaining({ code }),
    )
  })

  it('names the line, and shows nothing that steers a terminal', () => {
    const text = 'a: 1\nb: "\u001b[31m\n'
    expect(() => readDocuments(text, { file: 'f.yaml', version: '1.1' })).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^f\.yaml:\d+:\d+: [ -~]+$/) }),
    )
  })
})

describe('pins', () => {
  const pod = (image: string) => `kind: Pod\nspec:\n  containers:\n    - { name: c, image: ${image} }\n`

  it('are made from the last to the first, whatever their lengths', () => {
    const text = pod('a').replace('}\n', '}\n    - { name: d, image: bb }\n')
    const { images } = readManifests('f.yaml', text)
    const pinned = pinText(
      text,
      [...images].reverse().map((mention) => ({ mention, text: `${mention.text}@x` })),
    )
    expect(pinned).toBe(text.replace('image: a ', 'image: a@x ').replace('image: bb ', 'image: bb@x '))
  })

  it('change nothing where none has a place', () => {
    const text = pod('"a\\x62"')
    const { images } = readManifests('f.yaml', text)
    expect(
      pinText(
        text,
        images.map((mention) => ({ mention, text: 'x' })),
      ),
    ).toBe(text)
  })
})
