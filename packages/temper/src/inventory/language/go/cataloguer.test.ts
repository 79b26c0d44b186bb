import { describe, expect, test } from 'vitest'
import { buildProgram, type FixtureProgram } from '../fixtures/fixture-program.ts'
import { catalogueFiles, namesOf } from '../fixtures/sample.ts'
import { goCataloguer } from './cataloguer.ts'
import { modulesOf } from './modules.ts'

const magic = Buffer.from('\xff Go buildinf:', 'latin1')

/** Between the two marks of 16 bytes. */
function framed(lines: readonly string[]): Buffer {
  return Buffer.concat([Buffer.alloc(16, 1), Buffer.from(`${lines.join('\n')}\n`), Buffer.alloc(16, 2)])
}

function counted(bytes: Uint8Array): Buffer {
  const length: number[] = []
  for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
    length.push(rest < 128 ? rest : (rest % 128) | 128)
    if (rest < 128) return Buffer.concat([Buffer.from(length), bytes])
  }
}

function inlined(goVersion: string, lines: readonly string[]): Buffer {
  const head = Buffer.alloc(32)
  head.set(magic)
  head.set([8, 2], 14)
  return Buffer.concat([head, counted(Buffer.from(goVersion)), counted(framed(lines))])
}

/** The form up to Go 1.17: pointers to string headers, which point to the texts. */
function pointed(
  goVersion: string,
  lines: readonly string[],
  { bits = 64, bigEndian = false },
): FixtureProgram {
  const width = bits / 8
  const base = 0x400000
  const texts = [Buffer.from(goVersion), framed(lines)]
  const head = Buffer.alloc(32 + 4 * width)
  const pointer = (value: number, at: number) => {
    const buffer = Buffer.alloc(8)
    buffer.writeBigUInt64BE(BigInt(value))
    const bytes = buffer.subarray(8 - width)
    head.set(bigEndian ? bytes : bytes.toReversed(), at)
  }
  head.set(magic)
  head.set([width, bigEndian ? 1 : 0], 14)
  let text = base + head.length
  for (const [index, bytes] of texts.entries()) {
    const header = 32 + 2 * width * index
    pointer(base + header, 16 + width * index)
    pointer(text, header)
    pointer(bytes.length, header + width)
    text += bytes.length
  }
  const content = Buffer.concat([head, ...texts])
  return { sections: [{ name: '.data', content, address: base }], bits: bits as 32 | 64, bigEndian }
}

const lines = [
  'path\texample.com/cmd',
  'mod\texample.com/cmd\t(devel)\t',
  'dep\tgithub.com/A/b/v2\tv2.1.0\th1:x=',
  'dep\texample.com/old\tv1.0.0',
  '=>\texample.com/new\tv1.5.0\th1:y=',
  'dep\texample.com/local\tv0.0.0',
  '=>\t./staging\t(devel)\t',
  'build\t-compiler=gc',
]

const expected = [
  'example.com/cmd (devel)',
  'example.com/local (devel)',
  'example.com/new v1.5.0',
  'github.com/A/b/v2 v2.1.0',
  'stdlib 1.22.1',
]

async function catalogued(program: Uint8Array, mode = 0o755) {
  return catalogueFiles(goCataloguer, { 'usr/bin/cmd': { content: program, mode } })
}

describe('programs', () => {
  const content = inlined('go1.22.1', lines)
  test.each<[string, FixtureProgram]>([
    ['its own section', { sections: [{ name: '.go.buildinfo', content }] }],
    ['stripped of sections', { sections: [{ name: '.data', content, address: 0x1000 }], stripped: true }],
    [
      'in the data, behind a copy that is not aligned',
      {
        sections: [
          {
            name: '.data',
            content: Buffer.concat([Buffer.alloc(24), magic, Buffer.alloc(10), content]),
            address: 0,
          },
        ],
        stripped: true,
      },
    ],
    ['32 bits', { sections: [{ name: '.go.buildinfo', content }], bits: 32 }],
    ['the older form', pointed('go1.22.1', lines, {})],
    ['the older form, 32 bits', pointed('go1.22.1', lines, { bits: 32 })],
    ['the older form, big-endian', pointed('go1.22.1', lines, { bigEndian: true })],
  ])('%s', async (_, program) => {
    expect(namesOf(await catalogued(buildProgram(program)))).toEqual(expected)
  })

  test('the main module needs what is linked with it', async () => {
    const { components } = await catalogued(buildProgram({ sections: [{ name: '.go.buildinfo', content }] }))
    expect(Object.fromEntries(components.map(({ name, dependsOn }) => [name, dependsOn]))).toEqual({
      'example.com/cmd': [
        'pkg:golang/example.com/local',
        'pkg:golang/example.com/new@v1.5.0',
        'pkg:golang/github.com/a/b/v2@v2.1.0',
        'pkg:golang/stdlib@1.22.1',
      ],
      'example.com/local': undefined,
      'example.com/new': undefined,
      'github.com/A/b/v2': undefined,
      stdlib: undefined,
    })
  })

  test('Windows and macOS', async () => {
    const pe = Buffer.alloc(8192)
    pe.write('MZ')
    pe.writeUInt32LE(64, 60)
    pe.write('PE\0\0', 64)
    pe.writeUInt16LE(1, 70)
    pe.write('.data', 88)
    pe.writeUInt32LE(content.length, 88 + 16)
    pe.writeUInt32LE(4096, 88 + 20)
    pe.writeUInt32LE(0xc0000040, 88 + 36)
    pe.set(content, 4096)
    const windows = await catalogueFiles(goCataloguer, { 'cmd.exe': pe })
    expect(namesOf(windows)).toEqual(expected)
    const mach = Buffer.alloc(8192)
    mach.writeUInt32LE(0xfeedfacf, 0)
    mach.writeUInt32LE(1, 16)
    mach.writeUInt32LE(0x19, 32)
    mach.writeUInt32LE(72 + 80, 36)
    mach.write('__DATA', 40)
    mach.writeUInt32LE(1, 32 + 64)
    mach.write('__go_buildinfo', 104)
    mach.writeBigUInt64LE(BigInt(content.length), 104 + 40)
    mach.writeUInt32LE(4096, 104 + 48)
    mach.set(content, 4096)
    expect(namesOf(await catalogued(mach))).toEqual(expected)
  })

  test('no version in package URLs of what was not built from a version', async () => {
    const { components } = await catalogued(buildProgram({ sections: [{ name: '.go.buildinfo', content }] }))
    expect(components.map(({ purl }) => purl)).toContain('pkg:golang/example.com/cmd')
  })

  test.each([
    ['-X main.version=1.2.3', 'v1.2.3'],
    ['"-s -w -X \'example.com/cmd/x.Version=v2.0.0-rc1\'"', 'v2.0.0-rc1'],
    ['-X a.Version=v9.9.9 -X main.gitVersion=v1.0.0', 'v1.0.0'],
    ['-X a.date=2.0.0', '(devel)'],
    [`-X ${'a.'.repeat(100_000)}`, '(devel)'],
  ])('the version that was set while linking: %.40s', async (flags, version) => {
    const info = inlined('go1.22.1', ['mod\texample.com/cmd\t(devel)\t', `build\t-ldflags=${flags}`])
    expect(
      namesOf(await catalogued(buildProgram({ sections: [{ name: '.go.buildinfo', content: info }] }))),
    ).toContain(`example.com/cmd ${version}`)
  })

  test.each([
    ['go1.20', '1.20'],
    ['go1.21rc2', '1.21.0-rc.2'],
    ['go1.22.1 X:boringcrypto', '1.22.1'],
    ['devel go1.23-abcdef Mon', '1.23'],
  ])('Go itself: %s', async (goVersion, version) => {
    const program = buildProgram({ sections: [{ name: '.go.buildinfo', content: inlined(goVersion, []) }] })
    expect(namesOf(await catalogued(program))).toEqual([`stdlib ${version}`])
  })

  test('a list of modules without end is told, not cut off', () => {
    const modules = `dep\texample.org/hidden\tv1.0.0\n`.repeat(200_001)
    expect(() => modulesOf({ goVersion: 'go1.22.1', modules })).toThrow(
      expect.objectContaining({ code: 'limit-exceeded' }),
    )
    expect(modulesOf({ goVersion: 'go1.22.1', modules: modules.slice(0, 300_000) }).length).toBeGreaterThan(
      9000,
    )
  })

  test('others say nothing, and only executables are read', async () => {
    expect(
      (await catalogued(buildProgram({ sections: [{ name: '.text', content: magic }] }))).components,
    ).toEqual([])
    const program = buildProgram({ sections: [{ name: '.go.buildinfo', content }] })
    expect((await catalogued(program, 0o644)).passed).toEqual(['usr/bin/cmd'])
    program[16] = 1
    expect((await catalogued(program)).passed).toEqual(['usr/bin/cmd'])
  })

  test('damaged ones are read or say nothing, but never fail', async () => {
    const inside = buildProgram({ sections: [{ name: '.go.buildinfo', content, address: 0x1000 }] })
    const pointers = buildProgram(pointed('go1.22.1', lines, {}))
    for (const program of [inside, pointers])
      for (let at = 0; at < 400; at++) {
        const copy = Buffer.from(program)
        copy.fill(0xff, at, at + 4)
        await catalogued(copy)
      }
  })
})

const goMod = (version: string) => `module example.com/mine // comment

go ${version}

require github.com/a/b v1.0.0

require (
	github.com/c/d v1.1.0 // indirect
	"github.com/e/f" v1.2.0
	example.com/local v0.0.0
)

replace github.com/c/d v1.1.0 => github.com/fork/d v1.1.1

replace (
	github.com/e/f => github.com/fork/f v1.3.0
	example.com/local => ../local
)
`

const goSum = `github.com/a/b v1.0.0 h1:x=
github.com/a/b v1.0.0/go.mod h1:x=
github.com/only/mod v1.0.0/go.mod h1:x=
github.com/z/z v1.0.0 h1:x=
github.com/z/z v1.2.0 h1:x=
`

describe('source trees', () => {
  const direct = [
    'example.com/local (devel)',
    'github.com/a/b v1.0.0',
    'github.com/fork/d v1.1.1',
    'github.com/fork/f v1.3.0',
  ]

  test('go.mod with replacements; go.sum adds nothing', async () => {
    const result = await catalogueFiles(goCataloguer, { 'a/go.mod': goMod('1.22'), 'a/go.sum': goSum })
    expect(namesOf(result)).toEqual(direct)
    expect(result.notes).toEqual([])
  })

  test('before Go 1.17 go.sum fills it up', async () => {
    const alone = await catalogueFiles(goCataloguer, { 'go.mod': goMod('1.16') })
    expect(alone.notes[0]?.message).toMatch(/lists direct requirements only/)
    const result = await catalogueFiles(goCataloguer, { 'go.mod': goMod('1.16'), 'go.sum': goSum })
    expect(namesOf(result)).toEqual([...direct, 'github.com/z/z v1.2.0'])
  })

  test("Go's own tree, vendored modules and module caches are skipped", async () => {
    const result = await catalogueFiles(goCataloguer, {
      'usr/local/go/src/go.mod': 'module std\n\nrequire golang.org/x/net v0.1.0\n',
      'go/pkg/mod/github.com/a/b@v1/go.mod': goMod('1.22'),
      'app/vendor/github.com/a/b/go.mod': goMod('1.22'),
    })
    expect(result.components).toEqual([])
  })
})
