import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { severities } from '../../model/advisory/advisory.ts'
import { isAsBad } from './conditions/finding.ts'
import { parseGate } from './parse.ts'

function problem(text: string): TemperError {
  try {
    parseGate(text)
  } catch (error) {
    if (error instanceof TemperError) return error
    throw error
  }
  throw new Error(`"${text}" was accepted`)
}

describe('rules', () => {
  it.each([
    ['critical', [{ kind: 'severity', severity: 'critical' }], undefined],
    ['KEV', [{ kind: 'kev' }], undefined],
    ['epss>0.5', [{ kind: 'number', of: 'epss', operator: '>', value: 0.5 }], undefined],
    ['score >= 9', [{ kind: 'number', of: 'score', operator: '>=', value: 9 }], undefined],
    ['high>7d', [{ kind: 'severity', severity: 'high' }], 7 * 86_400],
    ['any > 2w', [{ kind: 'any' }], 14 * 86_400],
    ['epss>0.5>12h', [{ kind: 'number', of: 'epss', operator: '>', value: 0.5 }], 12 * 3600],
    ['high + fixable > 1m', [{ kind: 'severity', severity: 'high' }, { kind: 'fixable' }], 30 * 86_400],
    ['secret+high', [{ kind: 'secret' }, { kind: 'severity', severity: 'high' }], undefined],
    ['high older than 7 days', [{ kind: 'severity', severity: 'high' }], 7 * 86_400],
    ['kev > 1 month', [{ kind: 'kev' }], 30 * 86_400],
    ['severity >= High', [{ kind: 'severity', severity: 'high' }], undefined],
    ['moderate', [{ kind: 'severity', severity: 'medium' }], undefined],
    ['score>=10', [{ kind: 'number', of: 'score', operator: '>=', value: 10 }], undefined],
    ['epss>.125', [{ kind: 'number', of: 'epss', operator: '>', value: 0.125 }], undefined],
    ['high  +\t fixable', [{ kind: 'severity', severity: 'high' }, { kind: 'fixable' }], undefined],
    ['epss>.5', [{ kind: 'number', of: 'epss', operator: '>', value: 0.5 }], undefined],
    ['stale-feeds', [{ kind: 'stale-feeds' }], undefined],
  ])('%s', (text, conditions, olderThan) => {
    const [rule, ...others] = parseGate(text)
    expect(others).toEqual([])
    expect(rule?.conditions).toEqual(conditions)
    expect(rule?.olderThan).toBe(olderThan)
  })

  it('are separated by commas and shown without blanks', () => {
    expect(parseGate(' critical , High + Fixable > 7d,epss>=0.25 ').map(({ text }) => text)).toEqual([
      'critical',
      'high+fixable>7d',
      'epss>=0.25',
    ])
  })

  it('say nothing of an age that they do not ask for', () => {
    expect(parseGate('kev')).toStrictEqual([{ text: 'kev', conditions: [{ kind: 'kev' }] }])
    expect(parseGate('kev OLDER \t than  7 Days')).toStrictEqual([
      { text: 'kev>7days', conditions: [{ kind: 'kev' }], olderThan: 604_800 },
    ])
  })

  it('may be as many and as long as the limits', () => {
    expect(parseGate(`kev${','.padEnd(10)}${'kev,'.repeat(98)}kev`)).toHaveLength(100)
    expect(parseGate('kev'.padEnd(2000))).toHaveLength(1)
    expect(problem('kev'.padEnd(2001)).message).toBe('The gate: expected at most 2000 characters, found 2001')
    expect(problem(`${'kev,'.repeat(100)}kev`).message).toBe(
      'The gate: expected at most 100 rules, found 101',
    )
  })

  it.each([
    ['', 1, 'expected a condition'],
    ['xyzzyxyzzy', 1, 'expected a condition: critical, high, medium'],
    ['severity>=', 11, 'expected critical, high'],
    ['high>d', 6, 'expected an age'],
    ['secret>7d', 1, 'only the severity of a secret is known'],
    ['epss', 5, 'as in "epss>0.5"; found the end'],
    ['score=7', 6, 'as in "score>7"; found "=7"'],
    ['kev, hgih+fixable', 6, 'found "hgih+fixable"'],
    ['hgih', 1, 'did you mean "high"?'],
    ['critical,', 10, 'expected a condition'],
    ['critical,,kev', 10, 'expected a condition'],
    ['high fixable', 6, 'expected "," or "+"'],
    ['high>7', 6, 'expected an age'],
    ['high>7daze', 6, 'expected an age'],
    ['severity>=grave', 11, 'expected critical, high'],
    ['high older 7d', 6, 'expected "," or "+"'],
    ['high>=7d', 6, 'expected an age'],
    ['epss', 5, 'expected ">" or ">=" and a number'],
    ['epss>50', 6, 'expected a number from 0 to 1'],
    ['epss>0.5%', 6, 'expected a number from 0 to 1'],
    ['epss<0.5', 5, 'expected ">" or ">="'],
    ['score>11', 7, 'expected a number from 0 to 10'],
    ['kev, eol+high', 6, 'has to stand alone'],
    ['stale-feeds>7d', 1, 'has to stand alone'],
    ['secret+kev', 1, 'only the severity of a secret is known'],
    ['high>7d>8d', 8, 'expected ","'],
  ])('"%s" is refused at column %i', (text, column, message) => {
    const error = problem(text)
    expect(error.code).toBe('bad-usage')
    expect(error.message).toContain(`column ${column}: `)
    expect(error.message).toContain(message)
    expect(error.details['column']).toBe(column)
  })

  it('points at the place, also in long and hostile texts', () => {
    const lines = problem('critical,high+fixd>7d').message.split('\n')
    expect(lines[2]?.indexOf('^')).toBe(lines[1]?.indexOf('fixd'))
    expect(problem(`${'kev,'.repeat(200)}\u001b[31m`).message).not.toContain('\u001b')
    expect(problem('kev,'.repeat(600)).message).toContain('at most 2000 characters')
    expect(problem('kev,'.repeat(400).slice(0, -1)).message).toContain('at most 100 rules')
  })

  it('show sixty characters before the place and forty after it, with blanks for every white space', () => {
    const text = `${'kev,\t'.repeat(20)}wrong ${'b'.repeat(60)}`
    const [, line = '', caret = ''] = problem(text).message.split('\n')
    expect(line).toBe(`  ${'kev, '.repeat(12)}wrong ${'b'.repeat(34)}`)
    expect(caret).toBe(`  ${' '.repeat(60)}^`)
    const [head = ''] = problem(text).message.split('\n')
    expect(head).toMatch(/found "wrong b{13}…"$/)
  })

  it('show where they are wrong behind what a terminal would obey, too', () => {
    const [, line = '', caret = ''] = problem(`kev,${'\u001b'.repeat(50)}`).message.split('\n')
    expect(line).toHaveLength('  kev,'.length + 6 * 40)
    expect(caret).toBe('      ^')
  })

  it('never fail otherwise than with a position', () => {
    const piece = fc.constantFrom(
      'high',
      'kev',
      '+',
      ',',
      '>',
      '>=',
      '7d',
      '0.5',
      'epss',
      ' ',
      'eol',
      '\u0000',
      '😀',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
          fc.string(),
        ),
        (text) => {
          try {
            for (const { conditions } of parseGate(text)) expect(conditions.length).toBeGreaterThan(0)
          } catch (error) {
            expect(error).toBeInstanceOf(TemperError)
            expect((error as TemperError).code).toBe('bad-usage')
          }
        },
      ),
    )
  })

  it('mean the same when they are read again as they are shown', () => {
    const condition = fc.constantFrom(
      'critical',
      'unknown',
      'kev',
      'fixable',
      'epss>0.3',
      'score>=7.5',
      'urgent',
      'any',
      'severity>=important',
    )
    const rule = fc
      .tuple(
        fc.array(condition, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('', '>7d', '>2w', 'older than 3 days'),
      )
      .map(([conditions, age]) => `${conditions.join(' + ')} ${age}`)
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 5 }), (rules) => {
        const once = parseGate(rules.join(','))
        expect(parseGate(once.map(({ text }) => text).join(','))).toEqual(once)
      }),
    )
  })
})

describe('severities', () => {
  it('are as bad as themselves and what is milder, but nothing is as bad as unknown', () => {
    expect(severities.filter((severity) => isAsBad(severity, 'high'))).toEqual(['critical', 'high'])
    expect(severities.filter((severity) => isAsBad(severity, 'negligible'))).not.toContain('unknown')
    expect(severities.filter((severity) => isAsBad(severity, 'unknown'))).toEqual(['unknown'])
  })
})
