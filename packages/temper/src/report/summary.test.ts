import { describe, expect, it } from 'vitest'
import { dayOf, strictTime } from './date.ts'
import { countSeverities, countsLine, doubtText, type ScanSummary, severityText } from './summary.ts'

const nothing: ScanSummary = {
  total: 0,
  severities: countSeverities([]),
  fixable: 0,
  malicious: 0,
  exploited: 0,
  suppressed: 0,
  secrets: 0,
  compared: 3,
  repairedOnly: 0,
  inPart: 0,
  notCompared: 0,
  complete: true,
}

function line(over: Partial<ScanSummary>): string {
  return countsLine({ ...nothing, ...over })
}

const one = { total: 1, severities: countSeverities([{ severity: 'high' }]) }

describe('the line of numbers', () => {
  it.each<[string, Partial<ScanSummary>]>([
    ['no known vulnerabilities', {}],
    ['no known vulnerabilities; 1 secret', { secrets: 1 }],
    ['no known vulnerabilities; 2 secrets, 3 suppressed', { secrets: 2, suppressed: 3 }],
    ['nothing found, but not everything could be compared', { complete: false }],
    [
      'nothing found, but not everything could be compared: 1 of 4 packages not compared',
      { complete: false, notCompared: 1 },
    ],
    [
      'nothing found, but not everything could be compared: 1 of 1 package not compared',
      { complete: false, notCompared: 1, compared: 0 },
    ],
    [
      'nothing found, but not everything could be compared: 2 of 3 packages compared in part',
      { complete: false, inPart: 2 },
    ],
    [
      'nothing found, but not everything could be compared: 1 of 4 packages not compared, 2 compared in part',
      { complete: false, inPart: 2, notCompared: 1 },
    ],
    ['1 vulnerability: 1 high; 0 fixable', one],
    ['1 vulnerability: 1 high; 1 fixable, 1 malicious package', { ...one, fixable: 1, malicious: 1 }],
    ['1 vulnerability: 1 high; 0 fixable, 2 malicious packages', { ...one, malicious: 2 }],
    ['1 vulnerability: 1 high; 0 fixable, 1 known to be exploited', { ...one, exploited: 1 }],
    [
      '1 vulnerability: 1 high; 0 fixable, not everything could be compared: 1 of 4 packages not compared',
      { ...one, complete: false, notCompared: 1 },
    ],
    [
      '3 vulnerabilities: 1 critical, 2 of unknown severity; 0 fixable',
      {
        total: 3,
        severities: countSeverities([
          { severity: 'unknown' },
          { severity: 'critical' },
          { severity: 'unknown' },
        ]),
      },
    ],
  ])('%s', (text, over) => {
    expect(line(over)).toBe(text)
  })
})

describe('severityText', () => {
  it('has the worst first, and says nothing of none', () => {
    const all = (['low', 'unknown', 'negligible', 'critical', 'medium', 'high'] as const).map((severity) => ({
      severity,
    }))
    expect(severityText(countSeverities(all))).toBe(
      '1 critical, 1 high, 1 medium, 1 low, 1 negligible, 1 of unknown severity',
    )
    expect(severityText(countSeverities([]))).toBe('')
  })
})

describe('doubtText', () => {
  it('is there only when something was not compared', () => {
    expect(doubtText({ ...nothing, notCompared: 5 })).toBeUndefined()
    expect(doubtText({ ...nothing, complete: false })).toBe('not everything could be compared')
  })
})

describe('a time from outside', () => {
  it.each([
    ['2024-01-10', '2024-01-10T00:00:00Z'],
    ['2024-01-10T10:20:30Z', '2024-01-10T10:20:30Z'],
    ['2024-01-10T10:20:30.987654Z', '2024-01-10T10:20:30Z'],
    ['2024-01-10T01:00:00+02:00', '2024-01-09T23:00:00Z'],
    [undefined, undefined],
    ['', undefined],
    ['2024', undefined],
    ['10 January 2024', undefined],
    ['2024-01-10T10:20:30', undefined],
    ['2024-13-10', undefined],
    ['2024-01-10T99:00:00Z', undefined],
    [' 2024-01-10', undefined],
    ['2024-01-10\n', undefined],
  ])('%j is %j', (text, time) => {
    expect(strictTime(text)).toBe(time)
  })

  it.each([
    ['2024-01-10T01:00:00+02:00', '2024-01-09'],
    ['2024-01-10', '2024-01-10'],
    ['soon', 'soon'],
  ])('%j is of %j', (text, day) => {
    expect(dayOf(text)).toBe(day)
  })
})
