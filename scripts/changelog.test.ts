import { describe, expect, it } from 'vitest'
import { notesOf, releaseChanges } from './changelog.ts'

const before = `# Changelog

All notable changes.

## Unreleased

- Something new
- Something mended,
  in two lines

## 0.1.0 (2026-01-02)

- The first
`

describe('the changelog', () => {
  const after = releaseChanges(before, '0.2.0', '2026-03-04')

  it('gives what is unreleased a version and a day, and keeps the rest', () => {
    expect(after).toBe(before.replace('## Unreleased\n', '## Unreleased\n\n## 0.2.0 (2026-03-04)\n'))
    expect(notesOf(after, '0.2.0')).toBe('- Something new\n- Something mended,\n  in two lines')
    expect(notesOf(after, '0.1.0')).toBe('- The first')
  })

  it.each([
    ['a version twice', () => releaseChanges(before, '0.1.0', '2026-03-04'), /0\.1\.0 is there already/],
    [
      'a release without changes',
      () => releaseChanges(after, '0.3.0', '2026-03-04'),
      /nothing under "Unreleased"/,
    ],
    ['notes of a version that is not there', () => notesOf(before, '0.2.0'), /nothing under "## 0\.2\.0"/],
    ['a version that only looks alike', () => notesOf(before, '0.1.'), /nothing under/],
    [
      'a version whose dots stand for others',
      () => notesOf(before.replace('0.1.0', '0x1y0'), '0.1.0'),
      /nothing/,
    ],
  ])('refuses %s', (_what, act, expected) => {
    expect(act).toThrow(expected)
  })
})
