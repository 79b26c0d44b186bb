import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PythonEnvironment } from './environment.ts'
import { holdsMarker } from './marker.ts'

const environment: PythonEnvironment = {
  version: '3.12.4',
  minor: 12,
  architecture: 'arm64' as const,
  libc: { name: 'musl', major: 1, minor: 2 },
}
const holds = (marker: string, extras: readonly string[] = []) =>
  holdsMarker(marker, environment, { extras: new Set(extras), where: 'r.txt:1' })

describe('comparisons of versions', () => {
  it.each([
    ['python_version == "3.12"', true],
    ['python_version == "3.12.0"', true],
    ['python_version === "3.12.0"', false],
    ['python_version > "3.9"', true],
    ['python_version > "3.12"', false],
    ['python_version >= "3.12"', true],
    ['python_version <= "3.12"', true],
    ['python_version < "3.12"', false],
    ['"3.9" < python_version', true],
    ['"3.13" > python_version', true],
    ['python_version != "3.1"', true],
    ['python_full_version == "3.12.*"', true],
    ['python_full_version == "3.1.*"', false],
    ['python_full_version != "3.1.*"', true],
    ['python_full_version ~= "3.12.2"', true],
    ['python_full_version ~= "3.12.5"', false],
    ['python_full_version ~= "3.11.9"', false],
    ['python_full_version >= "3.12.4rc1"', true],
    ['implementation_version < "4.dev0"', true],
  ])('%s: %s', (marker, expected) => {
    expect(holds(marker)).toBe(expected)
  })
})

describe('comparisons of texts', () => {
  it.each([
    ['platform_machine == "aarch64"', true],
    ['platform_machine != "x86_64"', true],
    ['platform_machine >= "aarch64"', true],
    ['platform_machine <= "aarch64"', true],
    ['platform_machine < "x86_64"', true],
    ['platform_machine > "x86_64"', false],
    ['platform_machine ~= "aarch64"', true],
    ['platform_release == ""', true],
    ['"arch" in platform_machine', true],
    ['platform_machine in "x86_64, aarch64"', true],
    ['platform_machine not in "x86_64"', true],
    ['"and" in "x and y"', true],
  ])('%s: %s', (marker, expected) => {
    expect(holds(marker)).toBe(expected)
  })

  it.each([
    ["os.name == 'posix'", true],
    ['sys.platform == "linux"', true],
    ['platform.machine == "aarch64"', true],
    ['python_implementation == "CPython"', true],
    ['platform.python_implementation != "CPython"', false],
    ['platform.version == ""', true],
  ])('by the older names of variables: %s', (marker, expected) => {
    expect(holds(marker)).toBe(expected)
  })
})

describe('extras', () => {
  it.each<[string, readonly string[], boolean]>([
    ['extra == "socks"', ['socks'], true],
    ['extra == "Fast_API"', ['fast-api'], true],
    ['extra == "fast.api"', ['Fast_API'], true],
    ['"socks" == extra', ['socks'], true],
    ['extra != "socks"', ['socks'], false],
    ['extra != "socks"', [], true],
    ['extra == "socks"', [], false],
  ])('%s with %j: %s', (marker, extras, expected) => {
    expect(holds(marker, extras)).toBe(expected)
  })
})

it.each([
  'python_version == "3.12" or',
  'or python_version == "3.12"',
  'python_version not "3.12"',
  'not python_version == "3.12"',
  'python_version in',
  'python_version == "3.12',
  'python_version = "3.12"',
  'python_version == "3.12")',
  '()',
  'toString == "x"',
  '__proto__ == "x"',
  'and == "x"',
  'python_version == 3',
  'é == "x"',
])('is no marker: %s', (marker) => {
  expect(() => holds(marker)).toThrow(expect.objectContaining({ code: 'bad-recipe' }))
})

it('"and" binds before "or", and parentheses before both', () => {
  type Tree = { readonly text: string; readonly value: boolean; readonly rank: number }
  const leaf = fc
    .boolean()
    .map((value): Tree => ({ text: `os_name ${value ? '==' : '!='} "posix"`, value, rank: 2 }))
  const wrapped = ({ text, rank }: Tree, least: number) => (rank < least ? `(${text})` : text)
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.tuple(tie('tree'), tie('tree'), fc.boolean()).map(([a, b, isAnd]): Tree => {
        const rank = isAnd ? 1 : 0
        return {
          text: `${wrapped(a, rank)} ${isAnd ? 'and' : 'or'} ${wrapped(b, rank)}`,
          value: isAnd ? a.value && b.value : a.value || b.value,
          rank,
        }
      }),
    ),
  }))
  fc.assert(
    fc.property(tree, ({ text, value }) => {
      fc.pre(text.length < 4000)
      expect(holds(text)).toBe(value)
    }),
    { numRuns: 200 },
  )
})
