import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentProgress } from '../../base/progress.ts'
import { cleanUp } from '../../distro/debian/fixtures/mirror.ts'
import { build } from '../build/build.ts'
import type { Context } from '../context.ts'
import { archiveContext, type SampleDeb, writeRecipe } from '../fixtures/sample-archive.ts'
import { type LockRequest, lock } from './lock.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-lock-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))
afterAll(cleanUp)

function library(version: string, ...cves: readonly string[]): SampleDeb {
  const entries = ['1.0-1', '1.1-1', '1.2-1']
    .filter((each) => each <= version)
    .map((each, i) => {
      const text = `library (${each}) trixie; urgency=medium\n\n  * Change. ${cves[i] ?? ''}\n`
      return `${text}\n -- Nobody <nobody@example.org>  Mon, 0${i + 1} Dec 2025 10:00:00 +0000\n`
    })
  return {
    name: 'library',
    version,
    fields: { Source: 'lib-source' },
    files: {
      '/usr/share/library/file': version,
      '/usr/share/doc/library/changelog.Debian': entries.toReversed().join('\n'),
    },
  }
}
const cves = ['CVE-2025-1000', 'CVE-2025-1001', 'CVE-2025-1002']
const web = (version: string): SampleDeb => ({
  name: 'web',
  version,
  fields: { Depends: 'library' },
  files: { '/usr/share/web/file': version },
})

/** Locks a recipe that asks for "web", whose library has a version; later with another archive. */
async function world(debs: readonly SampleDeb[]) {
  const [warnings, notes]: [string[], string[]] = [[], []]
  const progress = {
    ...silentProgress,
    warn: (text: string) => void warnings.push(text),
    note: (text: string) => void notes.push(text),
  }
  const { context } = await archiveContext(folder, debs, { progress })
  const target = await writeRecipe(folder, { name: 'web', packages: ['web'] })
  const run = async (more: Partial<LockRequest> = {}, other: Partial<Context> = {}) => {
    const outcome = await lock({ target, ...more }, { ...context, ...other })
    return {
      ...outcome,
      packages: outcome.lock.platforms[0]?.packages.map(({ name, version }) => `${name} ${version}`),
      told: outcome.changes.map(({ from, to, cves: ids }) =>
        `${(to ?? from)?.name} ${from?.version ?? '-'} ${to?.version ?? '-'} ${ids.join(' ')}`.trim(),
      ),
    }
  }
  return { run, context, target, warnings, notes, path: join(folder, 'web.lock.json') }
}

describe('a lock', () => {
  it('is written beside the recipe, once: a second run changes nothing', async () => {
    const { run, path } = await world([web('1.0-1'), library('1.0-1')])
    const first = await run()
    expect(first).toMatchObject({ path, changed: true, packages: ['library 1.0-1', 'web 1.0-1'] })
    expect(first.told).toEqual(['library - 1.0-1', 'web - 1.0-1'])
    expect(await readFile(path, 'utf8')).toBe(first.text)
    expect(await run()).toMatchObject({ changed: false, told: [], text: first.text })
  })

  it('may be written elsewhere, or only be returned', async () => {
    const { run, path } = await world([web('1.0-1'), library('1.0-1')])
    const returned = await run({ output: '-' })
    expect(returned).toMatchObject({ path, changed: true })
    await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' })
    const elsewhere = await run({ output: 'other.json' })
    expect(elsewhere.path).toBe(join(folder, 'other.json'))
    expect(await readFile(elsewhere.path, 'utf8')).toBe(returned.text)
  })

  it('that cannot be read is made again, and that is told', async () => {
    const { run, path, warnings } = await world([web('1.0-1'), library('1.0-1')])
    await writeFile(path, '{')
    expect(await run()).toMatchObject({ changed: true, told: ['library - 1.0-1', 'web - 1.0-1'] })
    expect(warnings).toEqual([expect.stringMatching(/web\.lock\.json.*; it is made again$/)])
  })

  it('is not taken for one that cannot be read when its place is a folder', async () => {
    const { run, warnings } = await world([web('1.0-1'), library('1.0-1')])
    await expect(run({ output: '.' })).rejects.toMatchObject({ code: 'bad-usage' })
    expect(warnings).toEqual([])
  })
})

describe('the next build', () => {
  const debs = [web('1.0-1'), library('1.0-1')]
  const prepared = async ({ cacheDir }: Context) =>
    (await readdir(cacheDir)).filter((name) => name.startsWith('prepared-'))
  const statements = (text: string) => writeFile(join(folder, 'web.openvex.json'), text)
  /** Of a time before that of these tests. */
  const ended = JSON.stringify({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://example.org/web',
    author: 'Nobody',
    timestamp: '2026-01-01T00:00:00Z',
    version: 1,
    statements: [
      {
        vulnerability: { name: 'CVE-2025-1000' },
        products: [{ '@id': 'pkg:deb/debian/library' }],
        status: 'not_affected',
        justification: 'component_not_present',
        expires: '2026-02-01T00:00:00Z',
      },
    ],
  })

  it('is prepared, unless nobody wants that: the image is the same', async () => {
    const { run, context, target } = await world(debs)
    const { text } = await run({ prepare: false })
    expect(await prepared(context)).toEqual([])
    const afresh = await build({ target, layout: { path: 'afresh' } }, context)
    await rm(context.cacheDir, { recursive: true })
    expect(await run()).toMatchObject({ changed: false, text })
    expect(await prepared(context)).toHaveLength(1)
    const built = await build({ target, layout: { path: 'prepared' } }, { ...context, offline: true })
    expect(built.digest).toBe(afresh.digest)
    expect(built.platforms).toHaveLength(1)
  })

  it('is not prepared where it could not be built, which is told: the lock is made', async () => {
    await statements('{')
    const { run, context, notes, path } = await world(debs)
    const { text } = await run()
    expect(await readFile(path, 'utf8')).toBe(text)
    expect(await prepared(context)).toEqual([])
    expect(notes).toEqual([expect.stringMatching(/^the next build is not prepared: .*web\.openvex\.json/)])
  })

  it('is stopped by whoever stops the command', async () => {
    await statements(ended)
    // What its script changes is not in the cache when the package was only read.
    const changed = { ...web('1.0-1'), postinst: '#!/bin/sh\nset -e\nchmod 600 /usr/share/web/file\n' }
    const { run, path, notes } = await world([changed, library('1.0-1')])
    const stop = new AbortController()
    const progress = { ...silentProgress, warn: () => stop.abort() }
    await expect(run({}, { signal: stop.signal, progress })).rejects.toMatchObject({ code: 'interrupted' })
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ recipe: { name: 'web' } })
    expect(notes).toEqual([])
  })
})

describe('an update', () => {
  const old = [web('1.0-1'), library('1.0-1', ...cves)]
  const young = [...old, web('2.0-1'), library('1.2-1', ...cves)]

  /** The same recipe, with the lock of an earlier day, and an archive that has moved on. */
  async function later() {
    const before = await world(old)
    const { text } = await before.run()
    const now = await world(young)
    await writeFile(now.path, text)
    return now
  }

  it('of everything takes the newest, and names the CVEs of what changed', async () => {
    const { run, path } = await later()
    const { packages, told, changed, text } = await run({ update: [] })
    expect(changed).toBe(true)
    expect(await readFile(path, 'utf8')).toBe(text)
    expect(packages).toEqual(['library 1.2-1', 'web 2.0-1'])
    expect(told).toEqual(['library 1.0-1 1.2-1 CVE-2025-1001 CVE-2025-1002', 'web 1.0-1 2.0-1'])
  })

  it.each([
    ['its name', 'library'],
    ['its source package', 'lib-source'],
  ])('of one package, by %s, keeps all others', async (_, name) => {
    const { run } = await later()
    expect((await run({ update: [name] })).packages).toEqual(['library 1.2-1', 'web 1.0-1'])
  })

  it('of what the lock does not have is refused, with what it has', async () => {
    const { run, path } = await later()
    await expect(run({ update: ['library', 'none', 'nothing'] })).rejects.toMatchObject({
      code: 'package-not-found',
      message: `${path} has no package none, nothing`,
      hint: 'It has: library, web',
    })
  })

  it('needs a lock, which can be read', async () => {
    const { run, path, target } = await world(old)
    await expect(run({ update: [] })).rejects.toMatchObject({
      code: 'not-found',
      message: `There is no lock to update at ${path}`,
      next: { action: 'make-lock', recipe: target },
    })
    await writeFile(path, '{')
    await expect(run({ update: [] })).rejects.toMatchObject({ code: 'bad-lock' })
  })
})
