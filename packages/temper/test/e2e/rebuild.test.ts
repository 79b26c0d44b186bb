import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BuildResult } from '../../src/flows/build/result.ts'
import type { Verification } from '../../src/flows/evidence/verify.ts'
import type { RebuildResult } from '../../src/flows/rebuild/rebuild.ts'
import { catalogImage } from '../support/catalog.ts'
import { blobPath } from '../support/layout.ts'
import { onlyObject, temper, temperError, temperJson } from '../support/temper-cli.ts'

/* An image is built again from nothing but what is attached to it. */

let folder = ''
const env = { TEMPER_KEY_PASSWORD: '' }
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'temper-rebuild-test-'))
  await temperJson(['keys', 'generate', '-o', 'ours'], { cwd: folder, env })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function rebuild(...args: readonly string[]): Promise<{ code: number | null; result: RebuildResult }> {
  const temporary = mkdtempSync(join(folder, 'tmp-'))
  const { code, stdout } = await temper(['rebuild', ...args, '--json'], {
    cwd: folder,
    env: { TMPDIR: temporary },
  })
  expect(readdirSync(temporary)).toEqual([])
  return { code, result: onlyObject(stdout) as RebuildResult }
}

/** A recipe with a var and a file of its own. */
async function buildOwn(place: string, greeting: string): Promise<BuildResult> {
  writeFileSync(join(folder, 'greeting.txt'), greeting)
  writeFileSync(
    join(folder, `${place}.yaml`),
    `
name: own
vars: { port: "8080" }
contents:
  packages: [base-files]
  files:
    - { path: /etc/greeting, source: greeting.txt }
environment: { PORT: "\${{ vars.port }}" }
`,
  )
  return await temperJson<BuildResult>(
    ['build', `${place}.yaml`, '-o', place, '--var', 'port=9090', '--sign', 'ours.key'],
    { cwd: folder, env: { ...env, SOURCE_DATE_EPOCH: '1700000000' } },
  )
}

describe('an image', () => {
  it.each(['static', 'nginx'] as const)('%s is the same when it is built again', async (name) => {
    const { layout, result } = await catalogImage(name)
    const again = await rebuild(`oci:${layout}`)
    expect(again).toEqual({
      code: 0,
      result: {
        reference: `oci:${layout}`,
        equal: true,
        expected: result.digest,
        rebuilt: result.digest,
        differences: [],
        verified: false,
      },
    })
  })

  it('with vars, files and a time of its own is the same, also from a copy', async () => {
    const { digest } = await buildOwn('own', 'hello world\n')
    await temperJson(['copy', 'oci:own', 'oci-archive:own.tar:v1'], { cwd: folder })
    rmSync(join(folder, 'greeting.txt'))
    for (const reference of ['oci:own', 'oci-archive:own.tar:v1']) {
      const { code, result } = await rebuild(reference, '--key', 'ours.pub')
      expect({ code, ...result }).toMatchObject({ code: 0, equal: true, rebuilt: digest, verified: true })
    }
  })

  it('has the word of who rebuilt it, signed, for those who do not', async () => {
    await buildOwn('attested', 'hello world\n')
    const args = ['rebuild', 'oci:attested', '--attest', 'ours.key']
    const { summary } = await temperJson<RebuildResult>(args, { cwd: folder, env })
    expect(summary).toMatchObject({ signer: expect.stringMatching(/^sha256:/) })
    const verified = await temperJson<Verification>(
      ['verify', 'oci:attested', '--key', 'ours.pub', '--require', 'vsa'],
      { cwd: folder },
    )
    expect(verified.evidence.filter(({ type }) => type.includes('verification_summary'))).toMatchObject([
      { verified: true, digest: summary?.digest },
    ])
  })

  it('that is not what its provenance says is told from it: layer, file and bytes', async () => {
    await buildOwn('true', 'hello world\n')
    await buildOwn('false', 'hello World\n')
    const claim = await temperJson<{
      buildDefinition: { resolvedDependencies: { digest: { sha256: string } }[] }
    }>(['provenance', 'oci:true', '--predicate', '--key', 'ours.pub'], { cwd: folder })
    writeFileSync(join(folder, 'claim.json'), JSON.stringify(claim))
    for (const { digest } of claim.buildDefinition.resolvedDependencies.slice(0, 3)) {
      const name = `sha256:${digest.sha256}`
      copyFileSync(blobPath(join(folder, 'true'), name), blobPath(join(folder, 'false'), name))
    }
    await temperJson(['keys', 'generate', '-o', 'liar'], { cwd: folder, env })
    await temperJson(
      ['attest', 'oci:false', '--type', 'slsaprovenance1', '--predicate', 'claim.json', '--key', 'liar.key'],
      { cwd: folder, env },
    )
    const { code, result } = await rebuild('oci:false', '--key', 'liar.pub')
    expect([code, result.equal]).toEqual([1, false])
    expect(result.differences).toContainEqual(
      expect.objectContaining({
        in: 'layer',
        layer: expect.any(Number),
        path: 'etc/greeting',
        what: 'content',
        range: { start: 6, end: 7 },
      }),
    )
  })
})

describe('what cannot be rebuilt', () => {
  it('has no provenance, or none to trust, or has lost what it was built from', async () => {
    const { layout } = await catalogImage('static')
    const bare = join(folder, 'bare')
    await temperJson(['copy', '--no-referrers', `oci:${layout}`, `oci:${bare}:v1`])
    expect(await temperError(['rebuild', `oci:${bare}`])).toMatchObject({ code: 'not-found', exitCode: 2 })
    const untrusted = ['rebuild', `oci:${layout}`, '--key', 'ours.pub']
    expect(await temperError(untrusted, { cwd: folder })).toMatchObject({ code: 'not-verified', exitCode: 1 })

    const claim = await temperJson<object>(['provenance', `oci:${layout}`, '--predicate'])
    writeFileSync(join(folder, 'lost.json'), JSON.stringify(claim))
    await temperJson(
      ['attest', `oci:${bare}`, '--type', 'slsaprovenance1', '--predicate', 'lost.json', '--key', 'ours.key'],
      { cwd: folder, env },
    )
    const lost = await temperError(['rebuild', `oci:${bare}`])
    expect(lost.message).toMatch(/which the image was built from, is not attached/)
  })
})
