import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PlatformResult } from '../../src/flows/build/result.ts'
import type { Inspection } from '../../src/flows/image/inspect.ts'
import type { Lock } from '../../src/model/lock.ts'
import { catalogImage, catalogLock, catalogNames } from '../support/catalog.ts'
import { tryDebianTool } from '../support/debian-tool.ts'
import { type LayerEntry, layerEntries } from '../support/layer-entries.ts'
import { temperJson } from '../support/temper-cli.ts'

/* What is promised of every image, seen with other tools than ours on the images of the catalogue. */

const umoci = await tryDebianTool('umoci')
const skopeo = await tryDebianTool('skopeo')

/** Programs that no image has, by the rule that keeps them out. */
const forbidden: Readonly<Record<string, RegExp>> = {
  shell: /^(sh|bash|rbash|dash|ash|zsh|ksh|csh|tcsh|fish|busybox)$/,
  'package-manager': /^(dpkg.*|apt.*|pip[\d.]*|npm|gem|cpan)$/,
  compiler: /^(gcc|g\+\+|cc|c\+\+|cpp|ld|as|make|tcc|clang)(-[\d.]+)?$/,
}

/** What a recipe of the catalogue allows: names of rules. */
const relaxed: Readonly<Partial<Record<string, string>>> = { postgres: 'shell' }

describe.each(catalogNames)('the image %s', (name) => {
  let folder = ''
  let layout = ''
  let platform: PlatformResult
  let inspection: Inspection
  let entries: readonly LayerEntry[] = []
  /** What the layers give when they lie on each other. */
  let tree: ReadonlyMap<string, LayerEntry> = new Map()

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'temper-hardening-'))
    const built = await catalogImage(name)
    layout = built.layout
    inspection = await temperJson<Inspection>(['inspect', `oci:${layout}`])
    platform = built.result.platforms[0] as PlatformResult
    entries = await layerEntries(layout)
    tree = new Map(entries.map((entry) => [entry.path, entry]))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const paths = (test: (entry: LayerEntry) => boolean) =>
    [...tree.values()].filter(test).map(({ path }) => path)

  it('has no shell, package manager or compiler that its recipe does not allow', () => {
    const wrong = Object.entries(forbidden).flatMap(([rule, pattern]) => {
      if (relaxed[name] === rule) return []
      return paths(
        ({ path, type }) =>
          type !== 'directory' && /(^|\/)s?bin\//.test(path) && pattern.test(path.split('/').at(-1) ?? ''),
      )
    })
    expect(wrong).toEqual([])
    // Dependencies that the recipe leaves unmet are told beside the rules that it relaxes.
    const rules = platform.relaxations.map(({ rule }) => rule).filter((rule) => rule !== 'dependency')
    expect(rules).toEqual(relaxed[name] ? [relaxed[name]] : [])
  })

  it('has no setuid or setgid file, no device, and lets the world write only to the temporary folders', () => {
    expect(paths(({ mode, type }) => type === 'file' && (mode & 0o6000) !== 0)).toEqual([])
    expect(paths(({ type }) => !['file', 'directory', 'symlink', 'link'].includes(type))).toEqual([])
    const open = [...tree.values()].filter(({ mode, type }) => type !== 'symlink' && (mode & 0o002) !== 0)
    expect(open.map(({ path, mode }) => [path, mode & 0o7777])).toEqual([
      ['tmp', 0o1777],
      ['var/tmp', 0o1777],
    ])
  })

  it('belongs to root, apart from the folders that it declares to be writable', () => {
    const declared = inspection.images[0]?.config.Labels?.['io.temper.writable-paths']?.split(' ') ?? []
    const writable = [...tree.values()].filter(
      ({ uid, gid, mode, type }) =>
        type !== 'symlink' &&
        ((uid === 65532 && (mode & 0o200) !== 0) ||
          (gid === 65532 && (mode & 0o020) !== 0) ||
          (mode & 0o002) !== 0),
    )
    expect(writable.map(({ path }) => `/${path}`).sort()).toEqual([...declared].sort())
  })

  it('has no documentation but copyright files, which every package has', async () => {
    const below = (prefix: string) => paths(({ path, type }) => type === 'file' && path.startsWith(prefix))
    expect(below('usr/share/doc/').filter((path) => !path.endsWith('/copyright'))).toEqual([])
    for (const prefix of [
      'usr/share/man/',
      'usr/share/info/',
      'usr/share/lintian/',
      'var/cache/',
      'var/log/',
    ])
      expect(below(prefix)).toEqual([])
    const lock: Lock = JSON.parse(readFileSync(await catalogLock(name), 'utf8'))
    const without = lock.platforms
      .filter((locked) => locked.platform === platform.platform)
      .flatMap(({ packages }) => packages)
      .filter((each) => resolved(tree, `usr/share/doc/${each.name}/copyright`)?.type !== 'file')
    expect(without.map((each) => each.name)).toEqual([])
  })

  it('names every path once in a layer, and every file in one layer only', () => {
    const keys = entries.map(({ layer, path }) => `${layer} ${path}`)
    expect(new Set(keys).size).toBe(keys.length)
    const files = entries.filter(({ type }) => type !== 'directory').map(({ path }) => path)
    expect(new Set(files).size).toBe(files.length)
  })

  it('names the folder above every entry before it, in the same layer', () => {
    const known = new Set<string>()
    const orphans = entries.filter(({ layer, path, type }) => {
      if (type === 'directory') known.add(`${layer} ${path}`)
      const slash = path.lastIndexOf('/')
      return slash > 0 && !known.has(`${layer} ${path.slice(0, slash)}`)
    })
    expect(orphans).toEqual([])
    const contradictions = entries.filter((entry) => {
      const last = tree.get(entry.path)
      return last?.type !== entry.type || last.mode !== entry.mode || last.uid !== entry.uid
    })
    expect(contradictions).toEqual([])
  })

  it('keeps its accounts closed', () => {
    expect([...tree.keys()]).toEqual(expect.arrayContaining(['etc/passwd', 'etc/group', 'etc/os-release']))
    expect([...tree.keys()].filter((path) => /^etc\/g?shadow-?$/.test(path))).toEqual([])
  })

  describe.skipIf(umoci === undefined)('unpacked with umoci', () => {
    let root = ''
    beforeAll(async () => {
      root = join(folder, 'bundle/rootfs')
      const rootless = process.getuid?.() === 0 ? [] : ['--rootless']
      const args = ['unpack', ...rootless, '--image', `${layout}:latest`, join(folder, 'bundle')]
      await promisify(execFile)(umoci ?? '', args)
    })

    it('has as many files and bytes as the build says', () => {
      const files = walk(root)
      expect(files.filter((path) => !lstatSync(join(root, path)).isDirectory())).toHaveLength(platform.files)
      expect(files.sort()).toEqual([...tree.keys()].sort())
      const sizes = [...tree.values()].map(({ size, type }) => (type === 'file' ? size : 0))
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(platform.unpackedSize)
    })

    it('has a package database that agrees with the lock and with the files', async () => {
      const lock: Lock = JSON.parse(readFileSync(await catalogLock(name), 'utf8'))
      const locked = lock.platforms.find((each) => each.platform === platform.platform)?.packages ?? []
      expect(locked).toHaveLength(platform.packages)
      const database = join(root, 'var/lib/dpkg/status.d')
      const stanzas = readdirSync(database).filter((file) => !file.endsWith('.md5sums'))
      expect(stanzas.sort()).toEqual(locked.map((each) => each.name).sort())
      for (const entry of locked) {
        const stanza = readFileSync(join(database, entry.name), 'utf8')
        expect(stanza).toMatch(/^Package: .*\nStatus: install ok installed\n/)
        expect(field(stanza, 'Version')).toBe(entry.version)
        expect(field(stanza, 'Architecture')).toBe(entry.architecture)
        for (const line of readFileSync(join(database, `${entry.name}.md5sums`), 'utf8')
          .trim()
          .split('\n')) {
          const [sum, path] = line.split('  ')
          if (path === undefined) continue
          expect([path, md5(readFileSync(join(root, path)))]).toEqual([path, sum])
        }
      }
    })

    it('has accounts without login shells and passwords', () => {
      const accounts = readFileSync(join(root, 'etc/passwd'), 'utf8').trim().split('\n')
      expect(accounts.length).toBeGreaterThan(1)
      for (const account of accounts)
        expect(account).toMatch(/^[^:]+:[x*!]:\d+:\d+:.*:(\/usr)?\/s?bin\/(nologin|false)$/)
      expect(accounts.filter((account) => /^[^:]+:.:0:/.test(account))).toHaveLength(1)
      expect(readFileSync(join(root, 'etc/os-release'), 'utf8')).toMatch(/^ID="?debian"?$/m)
    })
  })

  it.skipIf(skopeo === undefined)('is read by skopeo, which sees the same', async () => {
    const { stdout } = await promisify(execFile)(skopeo ?? '', ['inspect', `oci:${layout}:latest`])
    const seen: { Digest: string; Architecture: string; Layers: string[] } = JSON.parse(stdout)
    expect(seen.Digest).toBe(platform.digest)
    expect(`linux/${seen.Architecture}`).toBe(platform.platform)
    expect(seen.Layers).toHaveLength(platform.layers)
  })

  it('tells of itself what was built', () => {
    const { digest, images } = inspection
    expect(digest).toBe(platform.digest)
    expect(images).toHaveLength(1)
    expect(images[0]).toMatchObject({
      platform: platform.platform,
      size: platform.size,
      config: { User: platform.user },
    })
    expect(images[0]?.packages).toHaveLength(platform.packages)
    expect(images[0]?.layers).toHaveLength(platform.layers)
  })
})

/** What a path leads to, links in it followed. */
function resolved(tree: ReadonlyMap<string, LayerEntry>, path: string, links = 0): LayerEntry | undefined {
  const parts = path.split('/')
  for (let length = 1; length <= parts.length; length++) {
    const entry = tree.get(parts.slice(0, length).join('/'))
    if (entry?.type !== 'symlink' || links > 10) continue
    const from = entry.target?.startsWith('/') ? '/' : `/${parts.slice(0, length - 1).join('/')}`
    return resolved(tree, join(from, entry.target ?? '', ...parts.slice(length)).slice(1), links + 1)
  }
  return tree.get(path)
}

function walk(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? [path, ...walk(root, path)] : [path]
  })
}

function field(stanza: string, name: string): string | undefined {
  return new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1]
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex')
}
