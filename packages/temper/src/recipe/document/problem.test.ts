import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { formatPath, ProblemList, show } from './problem.ts'

const text = 'name: web\r\ncontents:\n\tpackages: 5\n\n'

/** What is thrown for the problems; undefined when nothing is. */
function thrown(list: ProblemList): TemperError | undefined {
  try {
    list.throwIfAny()
  } catch (error) {
    if (error instanceof TemperError) return error
    throw error
  }
  return undefined
}

describe('problems of a recipe', () => {
  it('are none at first', () => {
    const list = new ProblemList('temper.yaml', text)
    expect([list.empty, thrown(list)]).toEqual([true, undefined])
  })

  it('show the line and point to the place', () => {
    const list = new ProblemList('temper.yaml', text)
    list.add(text.indexOf('5'), ['contents', 'packages'], 'expected a list')
    expect(list.empty).toBe(false)
    expect(thrown(list)).toMatchObject({
      code: 'bad-recipe',
      message: [
        'temper.yaml:3:12: contents.packages: expected a list',
        '  3 |  packages: 5',
        '    |            ^',
      ].join('\n'),
      details: { file: 'temper.yaml', problems: [{ line: 3, column: 12, path: 'contents.packages' }] },
    })
  })

  it.each([
    [0, 1, 1],
    [10, 1, 11],
    [11, 2, 1],
    [20, 2, 10],
    [21, 3, 1],
    [text.length, 5, 1],
  ])('at %i are in line %i, column %i', (offset, line, column) => {
    const list = new ProblemList('temper.yaml', text)
    list.add(offset, [], 'wrong')
    expect(thrown(list)?.message.split('\n')[0]).toBe(`temper.yaml:${line}:${column}: wrong`)
  })

  it('are told in the order of the file, each once', () => {
    const list = new ProblemList('temper.yaml', text)
    list.add(21, ['b'], 'second')
    list.add(6, ['a'], 'first, further right')
    list.add(0, ['a'], 'first')
    list.add(22, ['b'], 'second')
    const lines = thrown(list)
      ?.message.split('\n')
      .filter((line) => line.startsWith('temper.yaml'))
    expect(lines).toEqual([
      'temper.yaml has 3 problems',
      'temper.yaml:1:1: a: first',
      'temper.yaml:1:7: a: first, further right',
      'temper.yaml:3:1: b: second',
    ])
  })

  it('are shown up to twenty, and counted', () => {
    const list = new ProblemList('temper.yaml', '')
    for (let i = 0; i < 25; i++) list.add(0, [i], 'wrong')
    const lines = thrown(list)?.message.split('\n')
    expect(lines).toHaveLength(22)
    expect([lines?.at(0), lines?.at(-1)]).toEqual(['temper.yaml has 25 problems', 'and 5 more'])
  })

  it('that follow from another are not told', () => {
    const list = new ProblemList('temper.yaml', text)
    list.add(0, ['a'], 'wrong')
    list.addUnlessKnown(0, ['a'], 'wrong for that reason')
    list.expect(['b'])
    list.addUnlessKnown(0, ['b'], 'wrong for that reason')
    list.addUnlessKnown(0, ['c'], 'something else')
    list.addUnlessKnown(0, [], 'the whole')
    list.addUnlessKnown(0, [], 'the whole in another way')
    expect(thrown(list)?.details).toMatchObject({
      problems: [
        { path: 'a', message: 'wrong' },
        { path: 'c', message: 'something else' },
        { path: '', message: 'the whole' },
        { path: '', message: 'the whole in another way' },
      ],
    })
  })

  it('show a part of a long line, with the place in it', () => {
    const long = `${'x'.repeat(200)}!${'y'.repeat(200)}`
    const list = new ProblemList('temper.yaml', long)
    list.add(200, [], 'wrong')
    const [, shown = '', caret = ''] = thrown(list)?.message.split('\n') ?? []
    expect(shown.length).toBeLessThan(130)
    expect(shown[caret.indexOf('^')]).toBe('!')
  })

  it('neither show secrets of addresses nor move the cursor', () => {
    const line = `url: https://user:hunter2@x.example/${String.fromCharCode(27)}[2J`
    const list = new ProblemList('temper.yaml', line)
    list.add(0, [], 'wrong')
    const message = thrown(list)?.message ?? ''
    expect(message).toContain('x.example')
    expect(message).not.toContain('hunter2')
    expect(message).not.toContain(String.fromCharCode(27))
  })
})

describe('formatPath', () => {
  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 0, 'b', 12], 'a[0].b[12]'],
    [['a', 'x'.repeat(100)], `a.${'x'.repeat(80)}`],
  ])('of %j is %j', (path, expected) => {
    expect(formatPath(path)).toBe(expected)
  })
})

describe('show', () => {
  it.each([
    [undefined, 'nothing'],
    [null, 'an empty value'],
    [[], 'an empty list'],
    [[1], 'a list'],
    [{}, 'a mapping'],
    ['a "b"\n', '"a \\"b\\"\\n"'],
    [5, 'the number 5'],
    [true, 'the boolean true'],
    ['x'.repeat(78), `"${'x'.repeat(78)}"`],
    ['x'.repeat(79), `"${'x'.repeat(78)}…`],
  ])('%j: %s', (value, expected) => {
    expect(show(value)).toBe(expected)
  })
})
