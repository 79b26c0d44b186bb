import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BuildResult } from '../../src/flows/build/result.ts'
import type { EvidenceList } from '../../src/flows/evidence/list.ts'
import type { Verification } from '../../src/flows/evidence/verify.ts'
import type { Lock } from '../../src/model/lock.ts'
import { catalogImage, catalogLock } from '../support/catalog.ts'
import { blobPath, layoutOf } from '../support/layout.ts'
import { temper, temperError, temperJson } from '../support/temper-cli.ts'

/* What a build says of itself, and who vouches for it. */

let folder = ''
const env = { TEMPER_KEY_PASSWORD: 'secret' }
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'temper-evidence-'))
  await temperJson(['keys', 'generate', '-o', 'one'], { cwd: folder, env })
  await temperJson(['keys', 'generate', '-o', 'two', '--algorithm', 'ed25519'], { cwd: folder, env })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Dependency {
  readonly name: string
  readonly uri?: string
  readonly digest: { readonly sha256: string }
}
interface Provenance {
  readonly subject: readonly { readonly digest: { readonly sha256: string } }[]
  readonly predicateType: string
  readonly predicate: {
    readonly buildDefinition: { readonly resolvedDependencies: readonly Dependency[] }
    readonly runDetails: { readonly builder: { readonly id: string } }
  }
}

describe('provenance', () => {
  it('names the image, and every package of the lock by its digest', async () => {
    const { layout, result } = await catalogImage('nginx')
    const lock = JSON.parse(readFileSync(await catalogLock('nginx'), 'utf8')) as Lock
    const { subject, predicateType, predicate } = await temperJson<Provenance>([
      'provenance',
      `oci:${layout}`,
    ])
    expect(predicateType).toBe('https://slsa.dev/provenance/v1')
    expect(subject.map(({ digest }) => `sha256:${digest.sha256}`)).toEqual([result.digest])
    const named = predicate.buildDefinition.resolvedDependencies
    const digests = new Set(named.map(({ digest }) => `sha256:${digest.sha256}`))
    const packages = lock.platforms
      .filter(({ platform }) => result.platforms.some((each) => each.platform === platform))
      .flatMap((each) => each.packages)
    expect(packages.filter(({ digest }) => !digests.has(digest))).toEqual([])
    expect(lock.suites.filter(({ digest }) => !digests.has(digest))).toEqual([])
    // The recipe and the lock are attached themselves.
    for (const { name, digest } of named.slice(0, 2))
      expect(readFileSync(blobPath(layout, `sha256:${digest.sha256}`)).length, name).toBeGreaterThan(0)
  })

  it('says who builds, when somebody does', async () => {
    const lock = await catalogLock('static')
    const builder = async (id: string | undefined, place: string) => {
      const layout = join(folder, place)
      await temperJson(['build', 'static', '--lock', lock, '-o', layout], { env: { TEMPER_BUILDER_ID: id } })
      const { runDetails } = await temperJson<Provenance['predicate']>([
        ...['provenance', `oci:${layout}`, '--predicate'],
      ])
      return runDetails.builder.id
    }
    expect(await builder('https://ci.example/temper', 'named')).toBe('https://ci.example/temper')
    expect(await builder(undefined, 'named')).toBe('urn:temper:builder:unnamed')
    expect(layoutOf(join(folder, 'named')).manifests).toHaveLength(6)
    expect(
      await temperError(['build', 'static', '--lock', lock], { env: { TEMPER_BUILDER_ID: 'nobody' } }),
    ).toMatchObject({ code: 'bad-configuration' })
  })
})

describe('a signed build', () => {
  let layout = ''
  beforeAll(async () => {
    layout = join(folder, 'signed')
    const args = ['build', 'static', '--lock', await catalogLock('static'), '-o', layout, '--sign', 'one.key']
    const first = await temperJson<BuildResult>(args, { cwd: folder, env })
    const written = layoutOf(layout)
    const second = await temperJson<BuildResult>(args, { cwd: folder, env })
    expect([second.cached, second.signer]).toEqual([true, first.signer])
    expect(layoutOf(layout)).toEqual(written)
  })
  const verify = (...more: readonly string[]) =>
    temper(['verify', `oci:${layout}`, ...more, '--json'], { cwd: folder })

  it('is vouched for by its key, with all that is attached', async () => {
    const { code, stdout } = await verify(
      '--key',
      'one.pub',
      '--require',
      'signature,spdx,cyclonedx,provenance',
    )
    const verdict = JSON.parse(stdout) as Verification
    expect(verdict.required.filter((each) => !each.verified)).toEqual([])
    expect([code, verdict.verified]).toEqual([0, true])
  })

  it('is not vouched for by another key: exit code 1', async () => {
    const { code, stdout } = await verify('--key', 'two.pub')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ verified: false, signers: [] })
  })

  it('keeps what was signed when it is built again without a key', async () => {
    const args = ['build', 'static', '--lock', await catalogLock('static'), '-o', layout]
    expect(await temperJson<BuildResult>(args)).not.toHaveProperty('signer')
    expect((await verify('--key', 'one.pub', '--require', 'provenance')).code).toBe(0)
    expect((await verify('--key', 'one.pub', '--require', 'provenance', 'spdx')).code).toBe(0)
    expect((await verify('spdx', '--key', 'one.pub')).code).toBe(2)
  })

  it('lists what is attached in the form that scripts rely on', async () => {
    const list = await temperJson<EvidenceList>(['evidence', `oci:${layout}`, '--key', 'one.pub'], {
      cwd: folder,
    })
    expect(list.subject).toMatch(/^sha256:/)
    for (const { names = [], ...each } of list.evidence) {
      // What the statement calls the image, where it does.
      expect(names.every((name) => name === 'static')).toBe(true)
      expect(each).toEqual({
        type: expect.any(String),
        digest: expect.stringMatching(/^sha256:/),
        mediaType: expect.any(String),
        subject: list.subject,
        signers: expect.any(Array),
        verified: expect.any(Boolean),
        reason: expect.any(String),
      })
    }
    expect(list.evidence.filter((each) => each.verified)).toHaveLength(5)
  })
})

describe('exit codes', () => {
  it.each([
    ['no key', ['verify', 'oci:named'], 2],
    ['a key that is not there', ['verify', 'oci:named', '--key', 'none.pub'], 2],
    ['a damaged key', ['verify', 'oci:named', '--key', 'damaged.pub'], 2],
    ['an image that is not there', ['verify', 'oci:nowhere:v1', '--key', 'one.pub'], 2],
    ['a registry that cannot be reached', ['verify', '127.0.0.1:1/web:1', '--key', 'one.pub'], 3],
    ['provenance that nobody signed', ['provenance', 'oci:named', '--key', 'one.pub'], 1],
  ] as const)('%s', async (_what, args, expected) => {
    writeFileSync(join(folder, 'damaged.pub'), '-----BEGIN PUBLIC KEY-----\n')
    expect((await temper([...args], { cwd: folder })).code).toBe(expected)
  })
})
