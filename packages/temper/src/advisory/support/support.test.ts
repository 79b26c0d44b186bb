import { describe, expect, it } from 'vitest'
import { releaseEnds } from './releases.ts'
import { supportOf } from './support.ts'

function ended(id: string, version: string, day: string): boolean | undefined {
  return supportOf({ id, version }, new Date(`${day}T12:00:00Z`))?.ended
}

describe('support of a release', () => {
  it('lasts until the end of its last day', () => {
    expect(ended('debian', '10', '2024-06-30')).toBe(false)
    expect(ended('debian', '10', '2024-07-01')).toBe(true)
  })

  it('is that of the branch of a point release', () => {
    expect(supportOf({ id: 'alpine', version: '3.20.3' }, new Date('2026-05-01'))).toEqual({
      distribution: { id: 'alpine', version: '3.20.3' },
      endOfLife: '2026-04-01',
      ended: true,
    })
    expect(ended('rhel', '9.4', '2026-01-01')).toBe(false)
    expect(ended('alpine', '3.2', '2026-01-01')).toBeUndefined()
  })

  it('is unknown for rolling and unheard-of releases', () => {
    expect(ended('wolfi', '20230201', '2026-01-01')).toBeUndefined()
    expect(ended('debian', '', '2026-01-01')).toBeUndefined()
    expect(ended('debian', '99', '2026-01-01')).toBeUndefined()
    expect(ended('__proto__', '1', '2026-01-01')).toBeUndefined()
  })

  it('is written as days, each release once', () => {
    for (const releases of Object.values(releaseEnds)) {
      expect(new Set(releases.map(([release]) => release)).size).toBe(releases.length)
      for (const [, day] of releases)
        expect(new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10)).toBe(day)
    }
  })
})
