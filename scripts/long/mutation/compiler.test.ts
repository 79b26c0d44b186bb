import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openCompiler, textAt } from './compiler.ts'

const root = mkdtempSync(join(tmpdir(), 'temper-compiler-'))
const source = `interface Named {
  readonly name?: string
}
export function named(name: string | undefined): Named {
  return name === undefined ? {} : { name }
}
`
writeFileSync(
  join(root, 'tsconfig.json'),
  '{"compilerOptions":{"strict":true,"exactOptionalPropertyTypes":true}}',
)
writeFileSync(join(root, 'named.ts'), source)
afterAll(() => rmSync(root, { recursive: true }))

const condition = { start: { line: 5, column: 10 }, end: { line: 5, column: 28 } }
const compiler = openCompiler(root)
const refuses = (place: typeof condition, replacement: string) =>
  compiler.refuses({ file: 'named.ts', ...place, replacement })

it('refuses what the types do not allow, and lets the rest pass, each change by itself', () => {
  expect(textAt(source, condition)).toBe('name === undefined')
  expect(refuses(condition, 'false')).toBe(true)
  expect(refuses(condition, 'name === undefined || name === ""')).toBe(false)
  expect(refuses(condition, '(')).toBe(true)
  expect(refuses(condition, 'name === undefined')).toBe(false)
})
