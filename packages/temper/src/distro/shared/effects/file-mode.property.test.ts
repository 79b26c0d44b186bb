import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMode } from './file-mode.ts'

interface Case {
  readonly text: string
  readonly before: number
  readonly umask: number
  readonly isFolder: boolean
}

/** The mode that chmod itself leaves; undefined for what it takes for no mode. One shell asks for all. */
function real(cases: readonly Case[]): readonly (number | undefined)[] {
  const folder = mkdtempSync(join(tmpdir(), 'temper-mode-'))
  const lines = cases.map(({ text, before, umask, isFolder }) => {
    const made = isFolder ? 'mkdir x' : ': > x'
    // What a mask keeps is told as a mistake, and done all the same.
    const asked = `umask ${umask.toString(8)}; chmod -- '${text}' x 2>e`
    return `umask 0; ${made}; chmod 0${before.toString(8).padStart(4, '0')} x; ${asked}; grep -q invalid e && echo none || stat -c %a x; rm -rf x`
  })
  const { stdout } = spawnSync('sh', [], {
    input: lines.join('\n'),
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  })
  rmSync(folder, { recursive: true })
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => (line === 'none' ? undefined : Number.parseInt(line, 8)))
}

const action = fc
  .tuple(
    fc.constantFrom('+', '-', '='),
    fc.oneof(
      fc.subarray(['r', 'w', 'x', 'X', 's', 't']).map((all) => all.join('')),
      fc.constantFrom('u', 'g', 'o', 'ug', 'rr'),
    ),
  )
  .map((all) => all.join(''))
const clause = fc
  .tuple(
    fc.constantFrom('', 'u', 'g', 'o', 'a', 'ug', 'go', 'uo', 'ugo'),
    fc.array(action, { minLength: 1, maxLength: 2 }),
  )
  .map(([who, actions]) => `${who}${actions.join('')}`)
const text = fc.oneof(
  { weight: 6, arbitrary: fc.array(clause, { minLength: 1, maxLength: 3 }).map((all) => all.join(',')) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 0o10001 }), fc.integer({ min: 1, max: 5 }))
      .map(([bits, width]) => bits.toString(8).padStart(width, '0')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'u',
      'rw',
      'u+rq',
      '8',
      'u+',
      '=',
      '+',
      ',u+r',
      'u+r,',
      '0x1',
      'z=r',
      '00755',
      '000644',
    ),
  },
)
const cases = fc.record({
  text,
  before: fc.oneof(
    fc.integer({ min: 0, max: 0o7777 }),
    fc.constantFrom(0o755, 0o644, 0o4755, 0o2775, 0o1777, 0),
  ),
  umask: fc.constantFrom(0o022, 0o077, 0o002, 0),
  isFolder: fc.boolean(),
})

const hasCoreutils = /GNU coreutils/.test(
  spawnSync('chmod', ['--version'], { encoding: 'utf8' }).stdout ?? '',
)

describe.skipIf(!hasCoreutils)('modes', () => {
  it('are what chmod makes of them', () => {
    const tried = fc.sample(cases, { seed: 17, numRuns: 400 })
    const answers = real(tried)
    expect(answers).toHaveLength(tried.length)
    const wrong = tried.flatMap((each, index) => {
      const { before, umask, isFolder } = each
      const ours = parseMode(each.text, before, { umask, isFolder })?.toString(8)
      const theirs = answers[index]?.toString(8)
      // A form that is rare may stay unknown.
      return ours === theirs || (ours === undefined && /^0\d{5}/.test(each.text))
        ? []
        : [{ ...each, before: before.toString(8), ours, theirs }]
    })
    expect(wrong.slice(0, 5)).toEqual([])
  })
})

describe('bits that raise privileges', () => {
  it.each([
    ['u=rwx', 0o4755, false, 0o755],
    ['g=rx', 0o2755, false, 0o755],
    ['a=rx', 0o6755, false, 0o555],
    ['u=rwx', 0o4755, true, 0o4755],
    ['u=rwxs', 0o755, true, 0o4755],
    ['755', 0o4755, false, 0o755],
    ['755', 0o2755, true, 0o2755],
    ['00755', 0o2755, true, 0o755],
    ['u-s', 0o4755, true, 0o755],
    ['g+t', 0o755, false, 0o755],
  ])('%s of %i (folder: %s)', (mode, before, isFolder, after) => {
    expect(parseMode(mode, before, { isFolder })?.toString(8)).toBe(after.toString(8))
  })
})
