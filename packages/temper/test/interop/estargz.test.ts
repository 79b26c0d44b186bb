import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mediaTypes } from '../../src/model/image.ts'
import { readImage } from '../../src/oci/image/read-image.ts'
import { openLayout } from '../../src/oci/layout/layout.ts'
import { tryGoTool } from '../support/go-tool.ts'
import { temper } from '../support/temper-cli.ts'

/* Layers whose files can be fetched one by one: the snapshotter's own library verifies the table and every file by it. */

const run = promisify(execFile)
const estargz = await tryGoTool('estargz')

describe.skipIf(estargz === undefined)('lazy layers', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'temper-estargz-'))
    await writeFile(join(folder, 'lazy.yaml'), 'extends: static\nname: lazy\noutput: { lazy: true }\n')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('are verified, and read file by file', { timeout: 240_000 }, async () => {
    const built = await temper(['build', 'lazy.yaml', '-o', 'oci:out'], { cwd: folder })
    expect(built.code, built.stderr).toBe(0)
    const store = openLayout(join(folder, 'out'))
    const image = await readImage(store, await store.resolve('latest'))
    expect(image.layers.length).toBeGreaterThan(0)
    for (const { descriptor } of image.layers) {
      expect(descriptor.mediaType).toBe(mediaTypes.ociLayerGzip)
      const table = descriptor.annotations?.['containerd.io/snapshot/stargz/toc.digest'] ?? ''
      const path = join(folder, 'out/blobs/sha256', descriptor.digest.slice('sha256:'.length))
      const { stdout } = await run(estargz ?? '', [path, table])
      expect(stdout).toMatch(/^\d+ files verified\n$/)
    }
  })
})
