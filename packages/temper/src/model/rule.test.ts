import { describe, expect, it } from 'vitest'
import { severities } from './advisory/advisory.ts'
import {
  absolutePath,
  defineRule,
  type Fault,
  levels,
  nodePlace,
  type Place,
  placePath,
  placeText,
  severityLevels,
} from './rule.ts'

const layer = `sha256:${'0'.repeat(64)}` as const
const place: Place = { kind: 'path', path: '/a' }

function violations(...faults: Fault[]) {
  const rule = defineRule<readonly Fault[]>({
    id: 'sample',
    title: 'A sample',
    why: 'To try it.',
    fix: 'take it out',
    level: 'warning',
    *check(subject) {
      yield* subject
    },
  })
  return [...rule.check(faults)]
}

describe('a rule', () => {
  it('gives its violations what its code does not say', () => {
    expect(violations({ place, found: 'too large' })).toEqual([
      { rule: 'sample', level: 'warning', subject: '/a', place, found: 'too large', remedy: 'take it out' },
    ])
  })

  it('lets its code say otherwise, and more', () => {
    const fault = { place, found: 'x', subject: 'who', remedy: 'do', level: 'note', more: 1 } as const
    expect(violations(fault)).toEqual([{ ...fault, rule: 'sample' }])
  })

  it('is evidence for no control unless it says so, and finds nothing in nothing', () => {
    const text = { id: 'x', title: 'X', why: 'X.', fix: 'x', level: 'error', check: () => [] } as const
    expect(defineRule(text).controls).toEqual([])
    const controls = [{ framework: 'nist-800-53-r5', id: 'CM-7' }]
    expect(defineRule({ ...text, controls }).controls).toEqual(controls)
    expect(violations()).toEqual([])
  })

  it('is asked lazily: who stops after the first violation pays for no other', () => {
    let asked = 0
    const rule = defineRule<number>({
      id: 'x',
      title: 'X',
      why: 'X.',
      fix: 'x',
      level: 'error',
      *check(count) {
        for (; asked < count; asked++) yield { place, found: String(asked) }
      },
    })
    for (const { found } of rule.check(1000)) if (found === '2') break
    expect(asked).toBe(2)
  })
})

describe('places', () => {
  it.each<[Place, string, string | undefined]>([
    [place, '/a', '/a'],
    [{ kind: 'span', file: 'Dockerfile', line: 3, column: 7 }, 'Dockerfile:3:7', 'Dockerfile'],
    [{ kind: 'layer', layer }, `layer ${layer}`, undefined],
    [{ kind: 'package', name: 'a', version: '1', purl: 'pkg:deb/debian/a@1' }, 'a 1', undefined],
    [{ kind: 'package', name: 'a', version: '', purl: 'pkg:npm/a', path: '/x' }, 'a', '/x'],
    [{ kind: 'whole' }, 'the whole', undefined],
  ])('%j', (each, text, path) => {
    expect(placeText(each)).toBe(text)
    expect(placePath(each)).toBe(path)
  })

  it.each([
    ['usr/bin/a', '/usr/bin/a'],
    ['/usr/bin/a', '/usr/bin/a'],
    ['//a', '/a'],
    ['', '/'],
  ])('%s becomes the absolute path %s', (path, absolute) => {
    expect(absolutePath(path)).toBe(absolute)
    expect(nodePlace({ path })).toEqual({ kind: 'path', path: absolute })
    expect(nodePlace({ path, layer: { diffId: layer } })).toEqual({ kind: 'path', path: absolute, layer })
  })
})

it('every severity has a level, and none is worse than a more severe one', () => {
  const known = severities.filter((severity) => severity !== 'unknown')
  const ranks = known.map((severity) => levels.indexOf(severityLevels[severity]))
  expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
  expect(severityLevels.unknown).toBe('warning')
})
