import { matchesGlob } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatPurl } from '../../../formats/purl/purl.ts'
import { sampleFinding } from '../../gate/fixtures/sample.ts'
import { applyIgnoreRules } from '../apply.ts'
import { parseIgnoreFile } from '../ignore-file.ts'

/*
 * A rule that is taken over from another program may suppress less here than there, and is told where it means nothing. It must
 * never suppress more: whoever wrote it did not ask for that.
 */

const now = new Date('2026-03-01T12:00:00Z')
const one = (...words: readonly string[]) => fc.constantFrom(...words)

interface Target {
  readonly name: string
  readonly path: string
  readonly version: string
}

/** Whether what is written in a file suppresses a finding in this package. */
function suppresses(file: string, text: string, { name, path, version }: Target): boolean {
  const finding = sampleFinding({
    id: 'CVE-2026-1',
    component: {
      type: 'deb',
      name,
      version,
      purl: formatPurl({ type: 'deb', namespace: 'debian', name, version, qualifiers: { arch: 'amd64' } }),
      locations: [{ path }],
      foundBy: 'dpkg',
    },
  })
  const { suppressed } = applyIgnoreRules({ findings: [finding] }, parseIgnoreFile(Buffer.from(text), file), {
    now,
  })
  return suppressed.length > 0
}

const segment = one('usr', 'lib', 'lib64', 'a.b', 'x', '.hidden')
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((all) => all.join('/'))
const piece = one('usr', 'lib', '*', '**', 'lib*', 'lib**', '**x', '?', 'a.b', 'x', '***', '.*', 'l?b')
const pathPattern = fc
  .tuple(one('', '/'), fc.array(piece, { minLength: 1, maxLength: 4 }))
  .map(([start, all]) => `${start}${all.join('/')}`)

describe('patterns of paths that other programs have', () => {
  test.each<[string, (pattern: string) => string]>([
    ['.trivyignore.yaml', (pattern) => `vulnerabilities:\n  - id: CVE-2026-1\n    paths: ["${pattern}"]\n`],
    [
      '.grype.yaml',
      (pattern) => `ignore:\n  - vulnerability: CVE-2026-1\n    package: { location: "${pattern}" }\n`,
    ],
  ])('of %s fit no more than there', (file, write) => {
    let both = 0
    fc.assert(
      fc.property(pathPattern, path, (pattern, place) => {
        const ours = suppresses(file, write(pattern), { name: 'a', path: place, version: '1' })
        if (!ours) return
        // Both have the patterns of a whole path where "**" alone crosses folders; hidden files are files.
        const visible = (text: string) => text.replaceAll(/(^|\/)\./g, '$1_')
        expect({
          pattern,
          place,
          theirs: matchesGlob(visible(place), visible(pattern.replace(/^\//, ''))),
        }).toEqual({
          pattern,
          place,
          theirs: true,
        })
        both++
      }),
      { numRuns: 1500, seed: 12 },
    )
    expect(both).toBeGreaterThan(50)
  })
})

const letters = one('a', 'b', '-', '.', '+', '1')
const name = fc.array(letters, { minLength: 1, maxLength: 4 }).map((all) => all.join(''))
const namePattern = fc
  .array(one('a', 'b', '-', '.', '+', '*', '.*', '\\.', '^', '$', '1', '.+', 'a*', '?', '**', '|', '[ab]'), {
    minLength: 1,
    maxLength: 5,
  })
  .map((all) => all.join(''))

function regularExpression(text: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${text})$`)
  } catch {
    return undefined
  }
}

describe('names of packages, which are regular expressions to Grype', () => {
  test('fit no more than there', () => {
    let both = 0
    fc.assert(
      fc.property(namePattern, name, (pattern, each) => {
        const text = JSON.stringify({ ignore: [{ vulnerability: 'CVE-2026-1', package: { name: pattern } }] })
        if (!suppresses('.grype.yaml', text, { name: each, path: 'x', version: '1' })) return
        // What is no expression is taken as it stands, and so is a name with plus signs, as "libstdc++".
        const theirs = regularExpression(pattern)?.test(each) ?? pattern === each
        expect({ pattern, each, theirs: theirs || pattern === each }).toEqual({ pattern, each, theirs: true })
        both++
      }),
      { numRuns: 2500, seed: 13 },
    )
    expect(both).toBeGreaterThan(50)
  })

  test.each([
    ['linux.*', 'linux-headers', true],
    ['linux*', 'linux-headers', false],
    ['linux*', 'linuxxx', false],
    ['libstdc++', 'libstdc++', true],
    ['^curl$', 'curl', true],
    ['golang\\.org', 'golang.org', true],
    ['curl', 'libcurl', false],
  ])('%s and %s: %s', (pattern, each, expected) => {
    const text = JSON.stringify({ ignore: [{ package: { name: pattern }, vulnerability: 'CVE-2026-1' }] })
    expect(suppresses('.grype.yaml', text, { name: each, path: 'x', version: '1' })).toBe(expected)
  })
})

describe('versions and kinds of packages', () => {
  test.each([
    ['{ name: a, version: "1.0" }', '1.0', true],
    ['{ name: a, version: "1.0" }', '1.0.1', false],
    ['{ name: a, version: "1.*" }', '1.0', false],
    ['{ name: a, version: "1.0+b" }', '1.0+b', true],
    ['{ name: a, version: "1:1.0" , type: deb }', '1:1.0', true],
    ['{ name: a, type: deb }', '9', true],
    ['{ name: a, type: npm }', '9', false],
    ['{ name: a, type: python }', '9', false],
  ])('%s: a %s is suppressed: %s', (stated, version, expected) => {
    const text = `ignore:\n  - vulnerability: CVE-2026-1\n    package: ${stated}\n`
    expect(suppresses('.grype.yaml', text, { name: 'a', path: 'x', version })).toBe(expected)
  })
})

describe('the day on which a rule ends', () => {
  test.each([
    ['2026-03-02', true],
    ['2026-03-01', false],
    ['2026-02-28', false],
    ['2027-01-01', true],
    ['2026-03-02T00:00:00Z', true],
    ['2026-03-01T23:59:59Z', false],
    ['2026-13-01', false],
    ['tomorrow', false],
  ])('%s: it counts: %s', (day, expected) => {
    const target = { name: 'a', path: 'x', version: '1' }
    expect(suppresses('.trivyignore', `CVE-2026-1 exp:${day}\n`, target)).toBe(expected)
    const yaml = `vulnerabilities:\n  - id: CVE-2026-1\n    expired_at: ${day}\n`
    expect(suppresses('.trivyignore.yaml', yaml, target)).toBe(expected)
  })
})
