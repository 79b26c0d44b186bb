import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeHost } from '../../../test/support/fake-host.ts'
import { barLine } from './bars.ts'
import { createProgressDisplay } from './progress.ts'

const normal = { quiet: false, verbose: false, color: false }

/** What a terminal shows in the end: handles the two sequences that the bars use. */
function screen(written: string): string[] {
  let lines: string[] = []
  const [start = '', ...redraws] = written.split('\r\x1b[')
  lines.push(...start.split('\n').slice(0, -1))
  for (const redraw of redraws) {
    const [up = '', rest = ''] = redraw.split('A\x1b[0J')
    lines = [...lines.slice(0, lines.length - Number(up)), ...rest.split('\n').slice(0, -1)]
  }
  return lines
}

describe('on a terminal', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('draws bars with share, amount and rate, and leaves only lines behind', () => {
    const host = new FakeHost({ terminal: true })
    const { progress, close } = createProgressDisplay(host, normal)
    const task = progress.start('Downloading', { total: 2_000_000, unit: 'bytes' })
    host.time += 1000
    task.advance(500_000, 'nginx')
    vi.advanceTimersByTime(100)
    expect(screen(host.err).join('\n')).toMatch(
      /Downloading {2}█{5}░{15} {3}25% {2}500 kB of 2\.0 MB {2}500 kB\/s {2}nginx/,
    )
    progress.warn('the mirror is slow')
    vi.advanceTimersByTime(100)
    expect(screen(host.err)).toHaveLength(2)
    task.done()
    task.done()
    close()
    expect(screen(host.err)).toEqual(['warning: the mirror is slow'])
  })

  it('moves also while the work never yields', () => {
    const host = new FakeHost({ terminal: true })
    const { progress } = createProgressDisplay(host, normal)
    const task = progress.start('Composing', { total: 10 })
    host.time += 500
    task.advance(5)
    expect(host.err).toContain('50%')
    task.done()
  })

  it('counts what does not fit', () => {
    const host = new FakeHost({ terminal: true })
    const { progress, close } = createProgressDisplay(host, normal)
    for (let i = 0; i < 9; i++) progress.start(`task ${i}`)
    vi.advanceTimersByTime(100)
    expect(screen(host.err)).toHaveLength(7)
    expect(screen(host.err).at(-1)).toContain('and 3 more')
    close()
    expect(screen(host.err)).toEqual([])
  })

  it('never writes a line wider than the terminal', () => {
    const task = {
      label: 'x'.repeat(100),
      total: 5,
      unit: 'items',
      started: 0,
      amount: 9,
      detail: '',
    } as const
    for (const columns of [1, 2, 10, 80, 200]) {
      expect(barLine(task, 0, columns).length).toBeLessThanOrEqual(Math.max(columns, 1))
    }
  })
})

describe('elsewhere', () => {
  it('prints a line only for what takes long, and only now and then', () => {
    const host = new FakeHost()
    const { progress } = createProgressDisplay(host, normal)
    progress.start('Quick').done()
    expect(host.err).toBe('')
    const slow = progress.start('Downloading', { total: 100_000_000, unit: 'bytes' })
    for (let second = 0; second < 25; second++) {
      host.time += 1000
      slow.advance(1_000_000)
    }
    slow.done()
    expect(host.err.trimEnd().split('\n')).toEqual([
      'Downloading: 2.0 MB of 100 MB …',
      'Downloading: 12.0 MB of 100 MB …',
      'Downloading: 22.0 MB of 100 MB …',
      'Downloading: 25.0 MB of 100 MB, done in 25.0 s',
    ])
  })

  it('shows notes with --verbose only', () => {
    const host = new FakeHost()
    createProgressDisplay(host, normal).progress.note('from the cache')
    expect(host.err).toBe('')
    createProgressDisplay(host, { ...normal, verbose: true }).progress.note('from the cache')
    expect(host.err).toBe('from the cache\n')
  })

  it('says nothing with --quiet', () => {
    const host = new FakeHost()
    const { progress } = createProgressDisplay(host, { ...normal, quiet: true })
    const task = progress.start('Downloading')
    host.time += 60_000
    task.advance(1)
    task.done()
    progress.warn('slow')
    expect(host.err).toBe('')
  })
})
