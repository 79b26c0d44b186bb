import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { generateKeys } from '../../attest/key/keys.ts'
import { writeFileAtomic } from '../../base/file.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { exportTrust } from './export.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-export-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const trust = `version: 1
keys: { release: release.pub }
identities:
  ci: { identity: https://ci.example/build, issuer: https://ci.example }
rules:
  - images: [registry.example/team/*]
    signed-by: [release, ci]
    require: [signature, spdx]
    max-age: 30d
  - images: [registry.example/team/*]
    signed-by: [ci]
`

describe('a trust file as policies of a cluster', () => {
  it.each(['kyverno', 'policy-controller', 'gatekeeper'] as const)(
    'for %s is YAML of the objects, with what is left out at its top',
    async (program) => {
      const { publicPem } = await generateKeys('ecdsa-p256', 'p')
      await writeFileAtomic(join(folder, 'release.pub'), publicPem)
      await writeFileAtomic(join(folder, 'trust.yaml'), trust)
      const { objects, text } = await exportTrust({ program, trust: 'trust.yaml' }, sampleContext(folder))
      expect(parseAllDocuments(text).map((document) => document.toJS())).toEqual(objects)
      expect(text).toContain('# Left out: the oldest signature that counts (max-age).\n')
      const names = objects.map(({ metadata }) => (metadata as { name: string }).name)
      expect(new Set(names).size).toBe(2)
      if (program !== 'gatekeeper')
        expect(JSON.stringify(objects[0])).toContain(JSON.stringify(publicPem).slice(1, -1))
    },
  )

  it('is made of keys and identities that are named, too', async () => {
    const { publicPem } = await generateKeys('ecdsa-p256', 'p')
    await writeFileAtomic(join(folder, 'named.pub'), publicPem)
    const identity = { identity: 'ci@example.org', issuer: 'https://issuer.example' }
    const named = { images: ['registry.example/team/**'], keys: ['named.pub'], identity }
    const call = (more: object) =>
      exportTrust({ program: 'policy-controller', named: { ...named, ...more } }, sampleContext(folder))
    const { objects, from } = await call({})
    expect(from).toBe('the command line')
    expect(objects).toMatchObject([
      {
        metadata: { name: 'registry-example-team' },
        spec: {
          images: [{ glob: 'registry.example/team/**:**' }, { glob: 'registry.example/team/**@**' }],
          authorities: [
            { key: { data: publicPem } },
            { keyless: { identities: [{ subject: 'ci@example.org', issuer: 'https://issuer.example' }] } },
          ],
        },
      },
    ])
    await expect(call({ images: [] })).rejects.toMatchObject({ code: 'bad-usage' })
    await expect(call({ identity: { identity: 'ci@example.org' } })).rejects.toMatchObject({
      code: 'bad-usage',
    })
  })

  it('is refused where it trusts nobody, or is not there', async () => {
    await writeFileAtomic(join(folder, 'trust.yaml'), 'version: 1\n')
    const call = (more: object) => exportTrust({ program: 'kyverno', ...more }, sampleContext(folder))
    await expect(call({ trust: 'trust.yaml' })).rejects.toMatchObject({ code: 'bad-usage' })
    await expect(call({ trust: 'other.yaml' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(call({})).rejects.toMatchObject({ code: 'bad-usage' })
  })
})
