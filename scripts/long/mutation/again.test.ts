import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { askAgain, changedSource, isGone } from './again.ts'
import type { UnnoticedChange } from './unnoticed.ts'

const root = mkdtempSync(join(tmpdir(), 'temper-again-'))
afterAll(() => rmSync(root, { recursive: true }))
const write = (name: string, text: string) => writeFileSync(join(root, name), text)
symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(root, 'node_modules'))
write('package.json', '{"type":"module"}')
write(
  'sum.ts',
  `export function sum(a: number, b: number): number {
  const all = [a, b]
  return all.length > 0 ? a + b : 0
}
`,
)
write(
  'sum.test.ts',
  `import { expect, it } from 'vitest'
import { sum } from './sum.ts'
it('adds', () => expect(sum(1, 2)).toBe(3))
it('fails whatever is changed', () => expect(sum(1, 2)).toBe(4))
`,
)

function change(original: string, replacement: string, within: string): UnnoticedChange {
  return {
    file: 'sum.ts',
    line: 1,
    change: `sum.ts: ${original} → ${replacement}`,
    within,
    original,
    replacement,
  }
}

const noticed = change('a + b', 'a - b', 'return all.length > 0 ? a + b : 0')
const same = change('all.length > 0', 'true', 'return all.length > 0 ? a + b : 0')
const gone = change('all.size > 0', 'true', 'return all.size > 0 ? a + b : 0')

it('asks each change by itself, and gives back what no test notices that passes without', async () => {
  expect(await askAgain([noticed, same, gone, noticed], { root, tests: ['sum.test.ts'] })).toEqual([
    same,
    gone,
  ])
}, 60_000)

it('changes a text in the line where it stands once, the nearest of those that are alike', () => {
  const twice = 'if (a)\n  b()\nmore\nif (a)\n  b()\n'
  write('twice.ts', twice)
  const at = (line: number) => changedSource(root, { ...change('b()', 'c()', 'b()'), file: 'twice.ts', line })
  expect(at(1)).toBe(twice.replace('b()', 'c()'))
  expect(at(4)).toBe(twice.replace(/b\(\)\n$/, 'c()\n'))
  expect(changedSource(root, noticed)).toContain('? a - b : 0\n')
  expect(changedSource(root, change('a', 'b', 'const all = [a, b]'))).toBeUndefined()
  expect(changedSource(root, gone)).toBeUndefined()
  expect([noticed, same, gone].map((each) => isGone(root, each))).toEqual([false, false, true])
})
