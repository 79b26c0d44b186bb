import { describe, expect, it } from 'vitest'
import { readRepositoryFile, repositoryFiles } from '../../../packages/temper/test/support/source-files.ts'
import {
  changeText,
  originalOf,
  readReasons,
  sortOut,
  type UnnoticedChange,
  unnoticedText,
} from './unnoticed.ts'

const at = (line: number, change: string, within = 'code'): UnnoticedChange => ({
  file: 'src/a.ts',
  line,
  change: `src/a.ts: ${change}`,
  within,
  original: change,
  replacement: '',
})
const list = `# Answers are remembered.

src/a.ts: known → undefined

# The order makes no difference.
src/a.ts: a < b → true
src/a.ts: [] → ["x"]  in  const list = []
`

describe('changes that nothing notices', () => {
  it('are written on one line, however long they are', () => {
    const text = changeText('src/a.ts', { original: `if (a)\n    ${'b'.repeat(200)}`, replacement: 'c\n d' })
    expect(text).toBe(`src/a.ts: if (a) ${'b'.repeat(93)} → c d`)
    expect(changeText('a', { original: 'f()', replacement: '' })).toBe('a: f() →')
  })

  it('are gaps unless they are listed with a reason', () => {
    const changes = [at(1, 'known → undefined'), at(2, 'a < b → true'), at(3, 'a < b → false')]
    const { gaps, equivalent, faults } = sortOut(changes, readReasons(list))
    expect(gaps.map(({ line }) => line)).toEqual([3])
    expect([...equivalent].map(([reason, all]) => [reason, all.length])).toEqual([
      ['Answers are remembered.', 1],
      ['The order makes no difference.', 1],
    ])
    expect(faults).toEqual(['fits nothing any more, delete it: src/a.ts: [] → ["x"]  in  const list = []'])
  })

  it('are told apart by the line that they are in, where a file has the same twice', () => {
    const two = [at(1, '[] → ["x"]', 'const list = []'), at(9, '[] → ["x"]', 'const other = []')]
    expect(sortOut(two, readReasons(list)).gaps.map(({ line }) => line)).toEqual([9])
    const wide = readReasons('# Why.\nsrc/a.ts: [] → ["x"]\n')
    expect(sortOut(two, wide)).toMatchObject({
      gaps: two,
      faults: ['fits several lines, add "  in  LINE" to say which: src/a.ts: [] → ["x"]'],
    })
    expect(sortOut([at(1, '[] → ["x"]'), at(4, '[] → ["x"]')], wide).gaps).toEqual([])
  })

  it('are told with their places, gaps before the others', () => {
    const changes = [at(2, 'a < b → true'), at(1, 'known → undefined'), at(3, 'a < b → false')]
    expect(unnoticedText(sortOut(changes, readReasons(list)))).toBe(
      `Gaps:
src/a.ts:3: a < b → false

Listed as equivalent: Answers are remembered.
src/a.ts:1: known → undefined

Listed as equivalent: The order makes no difference.
src/a.ts:2: a < b → true
`,
    )
    expect(unnoticedText(sortOut([], new Map()))).toBe('No gap.\n')
  })
})

describe('a list of reasons', () => {
  it('has a reason for every change, and each change once', () => {
    expect(() => readReasons('src/a.ts: a → b\n')).toThrow('no reason stands above "src/a.ts: a → b"')
    expect(() => readReasons('# Why.\nsrc/a.ts: a → b\nsrc/a.ts: a → b\n')).toThrow('listed twice')
    expect(readReasons('').size).toBe(0)
  })

  const files = repositoryFiles().filter((path) => path.startsWith('docs/mutation/equivalent/'))

  it.each(files)('in %s speaks of sources as they are', (file) => {
    const entries = [...readReasons(readRepositoryFile(file)).keys()]
    expect(entries.length).toBeGreaterThan(0)
    const gone = entries.filter((entry) => {
      const { file: source, original } = originalOf(entry)
      return !readRepositoryFile(source).replaceAll(/\s+/g, ' ').includes(original)
    })
    expect(gone).toEqual([])
  })
})
