import { describe, expect, it } from 'vitest'
import { FakeHost } from '../../test/support/fake-host.ts'
import { createProgressDisplay } from './progress/progress.ts'
import { reportError, reportOutcome } from './report/report.ts'
import { styleFor } from './style.ts'

const hostile = 'name\x1b]0;owned\x07\x1b[2J\u202e'
const escaped = 'name\\u001b]0;owned\\u0007\\u001b[2J\\u202e'

describe('what is written to a terminal', () => {
  it('keeps the codes of the style and escapes those of others', () => {
    const host = new FakeHost({ terminal: true })
    const style = styleFor(host.stdout, host, { color: true })
    expect(style.finished(style.bad(hostile))).toBe(`\x1b[31m${escaped}\x1b[39m`)
  })

  it('escapes every code without colours', () => {
    const host = new FakeHost({ terminal: true })
    const style = styleFor(host.stdout, host, { color: false })
    expect(style.finished('\x1b[31mred')).toBe('\\u001b[31mred')
  })

  it('is safe in results, errors, warnings and bars', async () => {
    const host = new FakeHost({ terminal: true })
    await reportOutcome({ json: {}, text: () => hostile }, host, { json: false, color: false })
    reportError(new Error(hostile), host, { json: false, color: false, verbose: true })
    const { progress } = createProgressDisplay(host, { quiet: false, verbose: false, color: false })
    progress.warn(hostile)
    expect(host.out).toBe(escaped)
    expect(host.err).toContain(escaped)
    expect(host.err.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  it('is safe as JSON', async () => {
    const host = new FakeHost({ terminal: true })
    await reportOutcome({ json: { text: hostile }, text: () => '' }, host, { json: true, color: false })
    expect(host.out.trimEnd()).toMatch(/^[\x20-\x7e]+$/)
    expect(JSON.parse(host.out)).toEqual({ text: hostile })
  })
})
