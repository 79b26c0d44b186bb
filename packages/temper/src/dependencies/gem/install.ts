import { posix } from 'node:path'
import { bytesOf, collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { decompress } from '../../formats/compress/decompress.ts'
import { readTar } from '../../formats/tar/read.ts'
import type { InstalledFile } from '../../model/recipe-parts/dependency.ts'
import {
  type GemSpecification,
  longestSpecification,
  readSpecification,
  specificationFile,
} from './specification.ts'

/** What one gem may hold. */
const limits = { entries: 50_000, bytes: 1024 * 1024 * 1024 }

/** As whose the settings of Bundler count. */
export const settingsName = 'bundler'

/** Where gems go below the folder of an application, as Bundler's deployment has them: `ruby` is "3.3". */
export function gemFolder(into: string, ruby: string): string {
  return `${into}/vendor/bundle/ruby/${ruby}.0`
}

/** What makes Bundler look there. */
export function bundlerSettings(into: string): InstalledFile {
  const text = '---\nBUNDLE_DEPLOYMENT: "true"\nBUNDLE_PATH: "vendor/bundle"\n'
  return { path: `${into}/.bundle/config`, mode: 0o644, content: Buffer.from(text) }
}

/**
 * Installs a gem as RubyGems does, without running anything: its files, its specification, and programs that load it. Errors:
 * `bad-recipe` where something of it would have to be compiled, `bad-archive`.
 */
export async function installGem(
  bytes: Uint8Array,
  { folder, expected, what }: { readonly folder: string; readonly expected: string; readonly what: string },
): Promise<readonly InstalledFile[]> {
  const { metadata, data } = await openGem(bytes, what)
  const specification = readSpecification(metadata, what)
  const { name, version, platform, extensions, executables } = specification
  const full = platform === 'ruby' ? `${name}-${version}` : `${name}-${version}-${platform}`
  if (full !== expected) throw new TemperError('bad-archive', `${what}: expected ${expected}, found ${full}`)
  if (extensions.length > 0)
    throw new TemperError(
      'bad-recipe',
      `${what}: it has extensions that have to be compiled: ${extensions.slice(0, 3).join(', ').slice(0, 200)}`,
      {
        hint: 'Lock the platform, if the gem is published compiled for it, or install the gems in a build step.',
        details: { gem: full, extensions },
      },
    )
  const files = await gemFiles(data, { folder: `${folder}/gems/${full}`, what })
  const paths = new Set(
    executables.map((each) => `${folder}/gems/${full}/${posix.join(specification.bindir, each)}`),
  )
  return [
    ...files.map((file) => (paths.has(file.path) ? { ...file, mode: 0o755 } : file)),
    {
      path: `${folder}/specifications/${full}.gemspec`,
      mode: 0o644,
      content: Buffer.from(specificationFile(specification)),
    },
    ...executables.map((each) => program(each, specification, folder)),
  ]
}

/** A gem is an archive of two: what it says of itself, and its files. */
async function openGem(
  bytes: Uint8Array,
  what: string,
): Promise<{ readonly metadata: string; readonly data: Uint8Array }> {
  const parts = new Map<string, Uint8Array>()
  for await (const { entry, content } of readTar(bytesOf(bytes), {
    what,
    limits: { entries: 100 },
    endMarker: 'optional',
  }))
    if (entry.path === 'metadata.gz' || entry.path === 'data.tar.gz')
      parts.set(entry.path, Buffer.from(await collect(content, { limit: entry.size, what })))
  const [metadata, data] = [parts.get('metadata.gz'), parts.get('data.tar.gz')]
  if (metadata === undefined || data === undefined)
    throw new TemperError(
      'bad-archive',
      `${what}: expected metadata.gz and data.tar.gz, found something else`,
    )
  const plain = decompress('gzip', bytesOf(metadata), { what, limit: longestSpecification })
  const text = await collect(plain, { limit: longestSpecification, what })
  return { metadata: Buffer.from(text).toString('utf8'), data }
}

async function gemFiles(
  data: Uint8Array,
  { folder, what }: { readonly folder: string; readonly what: string },
): Promise<readonly InstalledFile[]> {
  const tar = decompress('gzip', bytesOf(data), { what, limit: limits.bytes })
  const files = new Map<string, InstalledFile>()
  for await (const { entry, content } of readTar(tar, {
    what,
    limits: { entries: limits.entries },
    endMarker: 'optional',
  })) {
    const path = `${folder}/${entry.path}`
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it keeps out
    if (/[\x00-\x1f\x7f]/.test(entry.path))
      throw new TemperError('bad-archive', `${what}: a name in it has control characters`)
    if (entry.type === 'symlink') {
      const target = entry.target ?? ''
      if (target.startsWith('/') || posix.join(posix.dirname(entry.path), target).split('/')[0] === '..')
        throw new TemperError(
          'bad-archive',
          `${what}: ${entry.path.slice(0, 200)} is a link that leads out of the gem`,
        )
      files.set(path, { path, mode: 0o777, content: new Uint8Array(), target })
    }
    if (entry.type !== 'file') continue
    const mode = (entry.mode & 0o111) === 0 ? 0o644 : 0o755
    files.set(path, { path, mode, content: Buffer.from(await collect(content, { limit: entry.size, what })) })
  }
  return [...files.values()]
}

/** Loads the newest version of the gem that there is, or the one that Bundler chose. */
function program(name: string, { name: gem }: GemSpecification, folder: string): InstalledFile {
  const text = `#!/usr/bin/ruby
# Runs ${name} of the gem ${gem}. Written by Temper.

require 'rubygems'
load Gem.activate_bin_path('${gem}', '${name}', '>= 0.a')
`
  return { path: `${folder}/bin/${name}`, mode: 0o755, content: Buffer.from(text) }
}
