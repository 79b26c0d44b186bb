import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { type SampleEntry, sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { ConfinedFolder } from '../confined-folder.ts'
import { imageFolders } from './image-folders.ts'
import { unpackImage } from './unpack.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'temper-folders-'))
})
afterEach(() => rmSync(home, { recursive: true }))

const names = ['a', 'b', 'a/b', 'a/c', 'b/c', 'a/b/c']

describe('the folders of an image', () => {
  it('have the permissions and owner of the topmost layer, links followed', async () => {
    const folders = await imageFolders(
      sampleImage([
        [
          { path: 'run', type: 'directory', mode: 0o755, uid: 0, gid: 0 },
          { path: 'var/run', type: 'symlink', target: '/run' },
          { path: 'run/app', type: 'directory', mode: 0o755, uid: 0, gid: 0 },
        ],
        [{ path: 'run/app', type: 'directory', mode: 0o700, uid: 7, gid: 8 }],
      ]),
    )
    expect(folders.find('/var/run/app')).toEqual({ mode: 0o700, uid: 7, gid: 8 })
    expect(folders.find('/run/none')).toBeUndefined()
  })

  it('are not found through links in a circle', async () => {
    const entries: SampleEntry[] = [
      { path: 'a', type: 'symlink', target: 'b' },
      { path: 'b', type: 'symlink', target: 'a' },
    ]
    expect((await imageFolders(sampleImage([entries]))).find('/a')).toBeUndefined()
  })

  it('are those that unpacking gives', async () => {
    const name = fc.constantFrom(...names)
    const entry: fc.Arbitrary<SampleEntry> = fc.oneof(
      fc
        .tuple(name, fc.constantFrom(0o700, 0o755, 0o1777))
        .map(([path, mode]) => ({ path, type: 'directory' as const, mode })),
      name.map((path) => ({ path, type: 'file' as const })),
      fc.tuple(name, name).map(([path, to]) => ({ path, type: 'symlink' as const, target: `/${to}` })),
      fc.constantFrom('.wh.a', 'a/.wh.b', 'a/.wh..wh..opq').map((path) => ({ path, type: 'file' as const })),
    )
    // As in real layers each path stands once, and what is above it comes first.
    const layer = fc
      .uniqueArray(entry, { selector: ({ path }) => path, maxLength: 6 })
      .map((entries) => entries.sort((a, b) => (a.path < b.path ? -1 : 1)))
      .filter((entries) =>
        entries.every(
          ({ path }) => !entries.some((e) => e.type !== 'directory' && path.startsWith(`${e.path}/`)),
        ),
      )
    let runs = 0
    let compared = 0
    await fc.assert(
      fc.asyncProperty(fc.array(layer, { maxLength: 3 }), async (layers) => {
        // A folder for each run: what a refused image left behind would be mixed with the next.
        const root = join(home, String(runs++))
        const image = sampleImage(layers)
        try {
          await unpackImage(image, root)
        } catch (error) {
          if (error instanceof TemperError && error.code === 'bad-image') return
          throw error
        }
        const folders = await imageFolders(image)
        for (const path of explicit(layers)) {
          const stat = statThrough(root, path)
          if (stat === 'circle') continue
          const { uid, gid } = process.getuid?.() === 0 ? (stat ?? {}) : { uid: undefined, gid: undefined }
          expect([path, folders.find(path)?.mode]).toEqual([path, stat?.mode])
          if (uid !== undefined) expect(folders.find(path)).toMatchObject({ uid, gid })
          compared++
        }
      }),
      { numRuns: 200 },
    )
    expect(compared).toBeGreaterThan(50)
  })
})

/** Folders that some layer names: others are made on the way, without anyone saying how. */
function explicit(layers: readonly (readonly SampleEntry[])[]): string[] {
  return layers.flat().flatMap(({ path, type }) => (type === 'directory' ? [path] : []))
}

function statThrough(root: string, path: string) {
  const folder = new ConfinedFolder(root)
  try {
    const place = folder.existing(path)
    const stats = place === undefined ? undefined : folder.stat(place)
    return stats?.isDirectory() ? { mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid } : undefined
  } catch {
    return 'circle'
  }
}
