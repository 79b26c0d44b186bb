import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cleanUp } from '../../distro/debian/fixtures/mirror.ts'
import { attachedDocument } from '../../oci/image/artifact.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { parseReference } from '../../oci/reference.ts'
import { build } from '../build/build.ts'
import type { Context } from '../context.ts'
import { attach } from '../evidence/attach.ts'
import { listEvidence } from '../evidence/list.ts'
import { provenance } from '../evidence/provenance.ts'
import { archiveContext, writeRecipe } from '../fixtures/sample-archive.ts'
import { inventoryOf } from '../inventory/inventory.ts'
import { lock } from '../lock/lock.ts'
import { certify } from './certify.ts'

let folder = ''
let context: Context
let [target, lockPath] = ['', '']
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-certify-'))
  ;({ context } = await archiveContext(folder, [{ name: 'web', files: { '/usr/share/web/page': 'hello' } }]))
  target = await writeRecipe(folder, { name: 'web', packages: ['web'] })
  lockPath = join(folder, 'web.lock.json')
  await lock({ target, output: lockPath }, context)
})
afterAll(async () => {
  await cleanUp()
  await rm(folder, { recursive: true, force: true })
})

let builds = 0
async function built() {
  const layout = join(folder, `built${builds++}`)
  const { digest } = await build({ target, lock: lockPath, layout: { path: layout } }, context)
  const reference = parseReference(`oci:${layout}@${digest}`)
  const { inventory } = await inventoryOf({ kind: 'image', reference }, { source: 'layers' }, context)
  const found = new Map([['linux/amd64', inventory.components]])
  return { reference, request: { target, layout, digest, lock: lockPath, found, ownBuild: true } }
}

async function says(
  layout: string,
  digest: `sha256:${string}`,
  artifactType: string,
  value: object,
): Promise<void> {
  const store = openLayout(layout)
  const document = attachedDocument(await store.resolve(digest), Buffer.from(JSON.stringify(value)), {
    artifactType,
  })
  await attach(store, document)
  await store.close()
}

const typesOf = async (reference: ReturnType<typeof parseReference>) =>
  (await listEvidence({ reference, keys: [] }, context)).evidence.map(({ type }) => type).sort()

describe('what a build says of itself', () => {
  it('stays where it is so, with provenance by whoever ordered it', async () => {
    const { reference, request } = await built()
    const before = await typesOf(reference)
    await certify(request, { ...context, builderId: 'urn:example:us' })
    expect(await typesOf(reference)).toEqual(before)
    const told = await provenance({ reference, keys: [] }, context)
    expect(JSON.stringify(told)).toContain('urn:example:us')
    // Doing it again changes nothing.
    expect(await certify(request, { ...context, builderId: 'urn:example:us' })).toEqual({ dropped: [] })
  })

  it('goes where somebody else’s programs ran', async () => {
    const { reference, request } = await built()
    await says(request.layout, request.digest, 'application/vnd.in-toto+json', { _type: 'forged' })
    await says(request.layout, request.digest, 'application/x-surprise', {})
    const { dropped } = await certify({ ...request, ownBuild: false }, context)
    expect(dropped).toEqual(
      expect.arrayContaining([
        'application/vnd.in-toto+json',
        'application/vnd.openvex+json',
        'application/x-surprise',
      ]),
    )
    expect(JSON.stringify(await listEvidence({ reference, keys: [] }, context))).not.toContain('surprise')
  })

  it('ends the build where a bill of materials hides something', async () => {
    const { request } = await built()
    await says(request.layout, request.digest, 'application/spdx+json', {
      spdxVersion: 'SPDX-2.3',
      SPDXID: 'SPDXRef-DOCUMENT',
      name: 'x',
      packages: [],
    })
    await expect(certify(request, context)).rejects.toMatchObject({
      code: 'not-verified',
      message: expect.stringContaining('leaves out web 1.0-1'),
    })
  })
})
