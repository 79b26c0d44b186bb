import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import {
  makeKey,
  makeWorld,
  now,
  publishDebian,
  startMirror,
  type TestMirror,
  type TestPackage,
} from '../distro/debian/fixtures/mirror.ts'
import { encodeTarHeader, tarEnd, tarPadding } from '../formats/tar/write.ts'
import type { Context } from './context.ts'
import { sampleContext } from './sample-context.ts'

/** A package of a made-up archive, for tests. */
export interface SampleDeb {
  readonly name: string
  readonly version?: string
  readonly fields?: Readonly<Record<string, string>>
  /** Absolute path → content. */
  readonly files?: Readonly<Record<string, string>>
  readonly postinst?: string
  /** Of the control archive (deb-conffiles(5)). */
  readonly conffiles?: string
}

interface File {
  readonly path: string
  readonly content: string
  readonly mode?: number
}

function tarOf(files: readonly File[]): Buffer {
  const folders = new Set(
    files.flatMap(({ path }) => {
      const parts = path.split('/').slice(0, -1)
      return parts.map((_, i) => parts.slice(0, i + 1).join('/'))
    }),
  )
  const common = { uid: 0, gid: 0, mtime: 0 }
  return Buffer.concat([
    ...[...folders]
      .sort()
      .map((path) => encodeTarHeader({ path, type: 'directory', mode: 0o755, size: 0, ...common })),
    ...files.flatMap(({ path, content, mode = 0o644 }) => {
      const bytes = Buffer.from(content)
      const header = encodeTarHeader({ path, type: 'file', mode, size: bytes.length, ...common })
      return [header, bytes, tarPadding(bytes.length)]
    }),
    tarEnd,
  ])
}

/** deb(5): an ar archive of "debian-binary", the control archive and the files. */
export function debOf({
  name,
  version = '1.0-1',
  fields = {},
  files = {},
  postinst,
  conffiles,
}: SampleDeb): Buffer {
  const control = Object.entries({
    Package: name,
    Version: version,
    Architecture: 'amd64',
    Maintainer: 'Nobody <nobody@example.org>',
    Description: `the sample ${name}`,
    ...fields,
  }).map(([key, value]) => `${key}: ${value}\n`)
  const inside = Object.entries(files).map(([path, content]) => ({ path: path.slice(1), content }))
  const md5sums = inside.map(
    ({ path, content }) => `${createHash('md5').update(content).digest('hex')}  ${path}\n`,
  )
  const scripts = [
    ...(postinst === undefined ? [] : [{ path: 'postinst', content: postinst, mode: 0o755 }]),
    ...(conffiles === undefined ? [] : [{ path: 'conffiles', content: conffiles }]),
  ]
  const controlFiles = [
    { path: 'control', content: control.join('') },
    { path: 'md5sums', content: md5sums.join('') },
    ...scripts,
  ]
  return arOf([
    ['debian-binary', Buffer.from('2.0\n')],
    ['control.tar.gz', gzipSync(tarOf(controlFiles))],
    ['data.tar.gz', gzipSync(tarOf(inside))],
  ])
}

function arOf(members: readonly (readonly [string, Buffer])[]): Buffer {
  const parts = members.flatMap(([name, bytes]) => [
    Buffer.from(
      `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(bytes.length).padEnd(10)}\`\n`,
    ),
    bytes,
    Buffer.from(bytes.length % 2 === 0 ? '' : '\n'),
  ])
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts])
}

function listed(deb: SampleDeb): TestPackage {
  const { name, version = '1.0-1', fields = {} } = deb
  return { name, version, fields, content: debOf(deb) }
}

/** A context in a folder whose only archive is a signed one on loopback, with these packages in its main suite. */
export async function archiveContext(
  folder: string,
  debs: readonly SampleDeb[],
  more: Partial<Context> = {},
): Promise<{
  readonly context: Context
  readonly mirror: TestMirror
  publish(debs: readonly SampleDeb[]): Promise<void>
}> {
  const key = await makeKey()
  const [mirror, { keysDir }] = [await startMirror(), await makeWorld(key)]
  const publish = async (all: readonly SampleDeb[]) =>
    await publishDebian(mirror, { key, packages: all.map(listed) })
  await publish(debs)
  const addresses = [mirror.address]
  const context = sampleContext(folder, {
    fetch: globalThis.fetch,
    now: () => now,
    offline: false,
    keysDir,
    mirrors: { debian: addresses, 'debian-security': addresses },
    ...more,
  })
  return { context, mirror, publish }
}

/** Writes a recipe of a name that asks for packages; `more` are further lines of it. */
export async function writeRecipe(
  folder: string,
  recipe: { readonly name: string; readonly packages: readonly string[]; readonly more?: string },
): Promise<string> {
  const path = join(folder, `${recipe.name}.yaml`)
  const { name, packages, more = '' } = recipe
  const lines = packages.map((each) => `    - ${each}\n`).join('')
  await writeFile(path, `name: ${name}\nplatforms: [linux/amd64]\ncontents:\n  packages:\n${lines}${more}`)
  return path
}
