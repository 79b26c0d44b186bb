import { expect, test } from 'vitest'
import type { Figure } from './figures.ts'
import { tablesOf, withTables } from './tables.ts'

const run = { commit: 'abc1234', node: '24.1.0', cores: 2, runs: 3, load: 0.25 }

function figure(contest: string, named: string, of: Partial<Figure>): Figure {
  return { contest, case: named, tool: 'temper', cpu: 1, wall: 1, memory: 100, bytes: null, run, ...of }
}

const figures = [
  figure('nginx gzip', 'nginx: cold', { tool: 'mmdebstrap + pigz', cpu: 3, wall: 2, bytes: 14_600_000 }),
  figure('nginx gzip', 'nginx, gzip: cold', { cpu: 2, wall: 1, bytes: 15_300_000 }),
  figure('nginx gzip', 'nginx, gzip: unchanged', { cpu: 0.1, wall: 0.05 }),
  figure('nginx gzip', 'nginx, gzip: unchanged, no lock', { cpu: 0.2, wall: 0.25 }),
  figure('sign', 'sign, with a key', { tool: 'temper sign', cpu: 0.1, wall: 0.2, memory: 60 }),
  figure('sign', 'sign, with a key', { tool: 'cosign sign', cpu: 0.2, wall: 0.3, memory: 90 }),
]

test('tells ratios within one contest, and an empty cell where nothing was measured', () => {
  const written = tablesOf([...figures, figure('jre gzip', 'jre, gzip: cold', { cpu: 9 })])
  expect(written).toContain('| CPU seconds | nginx | JRE 21 |')
  expect(written).toContain('| mmdebstrap, pigz -6 | 3.00 |  |')
  expect(written).toContain('| Cold, gzip | 2.00 (1.5×) |  |')
  expect(written).toContain('| Unchanged, gzip | 0.10 (30.0×) |  |')
  expect(written).toContain('| Unchanged, no lock, gzip | 0.25 (8.0×) |  |')
  expect(written).not.toContain('Cold, zstd')
  expect(written).toContain('| nginx, gzip | 100 |  |  |  | 100 | 100 | 100 | 15.3 | 14.6 |')
  expect(written).toContain('| sign, with a key | cosign sign | 0.200 (2.00×) | 0.300 (1.50×) | 90 |')
})

test('says what it was measured with', () => {
  const later = figures.map((each) => ({ ...each, run: { ...run, load: 3 } }))
  expect(tablesOf([...figures, ...later])).toContain(
    'Medians of 3 runs at abc1234, Node 24.1.0, 2 processors, a load of 0.3 to 3.0 as contests began.',
  )
})

test('tells of which contests there were fewer runs', () => {
  const once = figure('large gzip', 'large, gzip: cold', { run: { ...run, runs: 1 } })
  expect(tablesOf([...figures, once])).toContain('Medians of 3 runs (large gzip: 1) at abc1234, ')
})

test('a page keeps all but its tables, and is the same when written twice', () => {
  const page = `# Speed\n\n<!-- figures: written by npm run bench -- --page -->\nstale\n<!-- end of figures -->\n\nMore.\n`
  const once = withTables(page, figures)
  expect(once.startsWith('# Speed\n\n<!-- figures')).toBe(true)
  expect(once.endsWith('<!-- end of figures -->\n\nMore.\n')).toBe(true)
  expect(once).not.toContain('stale')
  expect(withTables(once, figures)).toBe(once)
  expect(() => withTables('# Speed\n', figures)).toThrow('end of figures')
})
