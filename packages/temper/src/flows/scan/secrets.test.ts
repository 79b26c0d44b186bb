import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { readImageInventory } from '../../inventory/reading/image.ts'
import { TargetSecrets } from './secrets.ts'

const cacheDir = mkdtempSync(join(tmpdir(), 'temper-secrets-'))
afterAll(() => rmSync(cacheDir, { recursive: true }))

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** A key that a later layer deletes, and a password among the variables. */
const image = sampleImage(
  [
    [
      { path: 'app/tls.key', type: 'file', content: pem },
      { path: 'app/main.js', type: 'file', content: 'console.log("hello")\n' },
    ],
    [{ path: 'app/.wh.tls.key', type: 'file' }],
  ],
  { Env: ['PATH=/bin', 'DATABASE_PASSWORD=k3u9-Zq81-vv20-1xTn'] },
)

async function search() {
  const secrets = new TargetSecrets()
  const inventory = await readImageInventory(image, { cacheDir, observers: [secrets.observer] })
  const inventoried = {
    inventory,
    kind: 'image',
    name: 'sample',
    from: 'layers',
    config: image.config,
  } as const
  return { found: secrets.of(inventoried), notes: secrets.notes(inventoried), secrets, target: inventoried }
}

describe('secrets of an image', () => {
  it('are found in deleted files and in variables, also when its layers are known already', async () => {
    for (let run = 0; run < 2; run++) {
      const { found, notes } = await search()
      expect(found).toMatchObject([
        { rule: 'setting-password', deleted: false, severity: 'medium' },
        { rule: 'private-key', location: { path: 'app/tls.key', layer: 0 }, line: 1, deleted: true },
      ])
      expect(notes).toEqual([])
      expect(JSON.stringify(found)).not.toContain(pem.split('\n')[1])
    }
  })

  it('are said not to be searched where a document stands for the layers', async () => {
    const { secrets, target } = await search()
    const [note] = secrets.notes({ ...target, from: 'attached SBOM sha256:00' })
    expect(note).toMatchObject({ code: 'secrets-not-searched' })
  })
})
