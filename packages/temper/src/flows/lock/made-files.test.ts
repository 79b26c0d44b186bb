import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tryDebianTool } from '../../../test/support/debian-tool.ts'
import { sha256 } from '../../base/digest.ts'
import { npmArchive } from '../../dependencies/npm/fixtures/npm-archive.ts'
import { buildWheel } from '../../dependencies/python/fixtures/sample-wheel.ts'
import { cleanUp, type TestMirror } from '../../distro/debian/fixtures/mirror.ts'
import type { Context } from '../context.ts'
import { archiveContext, type SampleDeb, writeRecipe } from '../fixtures/sample-archive.ts'
import { loadTarget } from './recipe-target.ts'
import { resolve } from './resolve.ts'

/* What a lock says of files that no package of a distribution brings. */

const made = 'made\n'
const debs: readonly SampleDeb[] = [
  { name: 'web', files: { '/usr/share/web/file': 'a' } },
  { name: 'dash', fields: { Depends: 'libc6' }, files: { '/usr/bin/sh': makingShell(made) } },
  { name: 'python3', version: '3.13.5-1', files: { '/usr/share/python3/file': 'a' } },
  { name: 'libc6', version: '2.41-1', files: { '/usr/share/libc6/file': 'a' } },
]

let folder = ''
let context: Context
let mirror: TestMirror
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-made-files-'))
  ;({ context, mirror } = await archiveContext(folder, debs))
})
afterAll(async () => {
  await cleanUp()
  await rm(folder, { recursive: true, force: true })
})

async function resolved(packages: readonly string[], more: string, other: Partial<Context> = {}) {
  const target = await writeRecipe(folder, { name: 'web', packages, more })
  const inContext = { ...context, ...other }
  const { platforms } = await resolve(await loadTarget({ target }, inContext), inContext)
  return platforms[0]
}

/** A lock file of Python beside the recipe, with one wheel that the mirror has. */
async function oneWheel(): Promise<Buffer> {
  const wheel = buildWheel({ 'demo/__init__.py': 'x = 1\n' })
  const name = 'demo-1.0-py3-none-any.whl'
  mirror.files.set(`files/${name}`, wheel)
  mirror.behave = (path, _, response) => {
    if (path !== 'simple/demo/') return undefined
    response.setHeader('content-type', 'text/html')
    response.end(`<a href="/files/${name}#${sha256(wheel).replace(':', '=')}">${name}</a>`)
    return true
  }
  const lines = `--index-url ${mirror.address}/simple\ndemo==1.0 --hash=${sha256(wheel)}\n`
  await writeFile(join(folder, 'requirements.txt'), lines)
  return wheel
}

it('records the packages of an application, chosen for what runs them', async () => {
  const wheel = await oneWheel()
  const locked = await resolved(['python3', 'libc6'], 'dependencies: [{ python: requirements.txt }]\n')
  expect(locked).toMatchObject({
    dependencies: [{ kind: 'python', name: 'demo', version: '1.0', digest: sha256(wheel) }],
    dependencyLayers: true,
  })
  expect(locked).not.toHaveProperty('steps')
})

const isRoot = process.getuid?.() === 0
const sandbox = process.arch === 'x64' ? await tryDebianTool(isRoot ? 'runc' : 'bwrap') : undefined

describe.skipIf(sandbox === undefined)('a step', () => {
  it('is recorded with the packages of its sandbox and with what it made', async () => {
    const program = isRoot ? { runtimes: { runc: sandbox ?? '' } } : { bubblewrap: sandbox ?? '' }
    const more = `
steps:
  - { name: make, packages: [web], run: anything, outputs: [{ source: made, path: /usr/share/made }] }
`
    const locked = await resolved(['web'], more, { ...program, hostRoot: '/' })
    expect(locked?.packages.map(({ name }) => name)).toEqual(['web'])
    expect(locked?.steps).toMatchObject([
      {
        name: 'make',
        packages: [{ name: 'dash' }, { name: 'libc6' }, { name: 'web' }],
        outputs: [{ name: 'made', type: 'file', size: made.length, digest: sha256(made) }],
      },
    ])
    expect(locked).not.toHaveProperty('dependencies')
  })

  it('gets what the dependencies install', async () => {
    const program = isRoot ? { runtimes: { runc: sandbox ?? '' } } : { bubblewrap: sandbox ?? '' }
    await oneWheel()
    const more = (source: string) => `
dependencies: [{ python: requirements.txt, into: /app }]
steps:
  - name: make
    packages: [web]
    dependencies: [{ source: ${source}, path: got }]
    run: anything
    outputs: [{ source: got, path: /usr/share/got }]
`
    const locked = await resolved(['python3', 'libc6'], more('/app/demo'), { ...program, hostRoot: '/' })
    expect(locked?.steps?.[0]?.outputs.map(({ name }) => name)).toEqual(['got', 'got/__init__.py'])
    expect(locked?.steps?.[0]?.outputs[1]).toMatchObject({ digest: sha256(Buffer.from('x = 1\n')) })
    await expect(
      resolved(['python3', 'libc6'], more('/app/dem'), { ...program, hostRoot: '/' }),
    ).rejects.toMatchObject({ code: 'bad-recipe', message: expect.stringContaining('/app/dem') })
  })

  it('gets what an application needs for development, which the image does not', async () => {
    const program = isRoot ? { runtimes: { runc: sandbox ?? '' } } : { bubblewrap: sandbox ?? '' }
    const tarball = npmArchive({ 'package.json': '{"name":"tool","version":"1.0.0"}' })
    mirror.files.set('files/tool-1.0.0.tgz', tarball)
    const hash = createHash('sha512').update(tarball).digest('base64')
    const resolvedAt = `${mirror.address}/files/tool-1.0.0.tgz`
    const tool = { version: '1.0.0', integrity: `sha512-${hash}`, resolved: resolvedAt, dev: true }
    const packages = { 'node_modules/tool': tool }
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }))
    const more = (dev: string) => `
dependencies: [{ npm: package-lock.json, into: /build${dev} }]
steps:
  - name: make
    packages: [web]
    dependencies: [{ source: /build/node_modules/tool, path: got }]
    run: anything
    outputs: [{ source: got, path: /usr/share/got }]
`
    const inSandbox = { ...program, hostRoot: '/' }
    const locked = await resolved(['web'], more(', dev: true'), inSandbox)
    expect(locked?.steps?.[0]?.outputs.map(({ name }) => name)).toEqual(['got', 'got/package.json'])
    expect(locked?.dependencies).toMatchObject([{ name: 'tool', dev: true, digest: sha256(tarball) }])
    await expect(resolved(['web'], more(''), inSandbox)).rejects.toMatchObject({
      code: 'bad-recipe',
      hint: expect.stringContaining('dev: true'),
    })
  })
})

/** A program for x86-64 Linux that writes a text to the file "made" in the folder that it runs in, whatever it is told. */
function makingShell(text: string): Buffer {
  const address = 0x400000
  const codeAt = 64 + 56
  const little = (value: number) => [0, 8, 16, 24].map((shift) => (value >> shift) & 0xff)
  const codeLength = 53
  const name = address + codeAt + codeLength
  const content = name + 'made\0'.length
  const code = Buffer.from([
    // edi = open(name, O_WRONLY | O_CREAT, 0644)
    ...[0xbf, ...little(name), 0xbe, ...little(0x41), 0xba, ...little(0o644), 0xb8, ...little(2), 0x0f, 0x05],
    ...[0x89, 0xc7],
    // write(edi, content, length)
    ...[0xbe, ...little(content), 0xba, ...little(text.length), 0xb8, ...little(1), 0x0f, 0x05],
    // exit(0)
    ...[0xbf, ...little(0), 0xb8, ...little(60), 0x0f, 0x05],
  ])
  const end = codeAt + codeLength + 'made\0'.length + text.length
  const header = Buffer.alloc(codeAt)
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  // ET_EXEC for EM_X86_64, with one program header behind this one.
  header.writeUInt16LE(2, 16)
  header.writeUInt16LE(62, 18)
  header.writeUInt32LE(1, 20)
  header.writeBigUInt64LE(BigInt(address + codeAt), 24)
  header.writeBigUInt64LE(64n, 32)
  for (const [at, value] of [
    [52, 64],
    [54, 56],
    [56, 1],
  ] as const)
    header.writeUInt16LE(value, at)
  // PT_LOAD of all of the file, to be read and executed.
  header.writeUInt32LE(1, 64)
  header.writeUInt32LE(5, 68)
  header.writeBigUInt64LE(BigInt(address), 80)
  header.writeBigUInt64LE(BigInt(address), 88)
  header.writeBigUInt64LE(BigInt(end), 96)
  header.writeBigUInt64LE(BigInt(end), 104)
  header.writeBigUInt64LE(0x1000n, 112)
  if (code.length !== codeLength) throw new Error(`the code has ${code.length} bytes`)
  return Buffer.concat([header, code, Buffer.from(`made\0${text}`)])
}
