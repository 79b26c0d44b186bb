import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LoopbackSigstore, requestToken } from '../../src/attest/fixtures/loopback/sigstore.ts'
import type { SignResult } from '../../src/flows/evidence/sign.ts'
import type { Verification } from '../../src/flows/evidence/verify.ts'
import { openLayout } from '../../src/oci/layout/layout.ts'
import { pushImage, smallIndex } from '../support/small-image.ts'
import { temper, temperError, temperJson } from '../support/temper-cli.ts'

/* Signing as who we are, and trust kept in a file, as a person and a CI job do it. */

const me = 'repo:team/images:ref:refs/heads/main'
let folder = ''
let services: LoopbackSigstore
let env: Record<string, string>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'temper-trust-'))
  services = await LoopbackSigstore.start(new Date())
  writeFileSync(join(folder, 'root.json'), JSON.stringify(services.trustedRoot()))
  writeFileSync(
    join(folder, 'config.yaml'),
    `trust: team.yaml
sigstore:
  fulcio: ${services.url}
  rekor: ${services.url}
  tsa: ${services.url}
  trusted-root: root.json
`,
  )
  env = { TEMPER_CONFIG: join(folder, 'config.yaml') }
  const store = openLayout(join(folder, 'image'))
  const image = smallIndex()
  await pushImage(store, image)
  await store.tag(image.root, 'v1')
})
afterAll(async () => {
  await services.stop()
  rmSync(folder, { recursive: true, force: true })
})

const run = (...args: readonly string[]) => temper(args, { cwd: folder, env })

describe('a CI job and who uses its images', () => {
  it('sign without a key, and trust by a file', async () => {
    const ci = {
      ...env,
      ACTIONS_ID_TOKEN_REQUEST_URL: `${services.url}/ambient?api-version=2`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    }
    const args = ['sign', 'oci:image:v1', '--keyless', '--as', 'registry.example/team/web:1']
    const signed = await temperJson<SignResult>(args, { cwd: folder, env: ci })
    expect(signed).toMatchObject({ signer: `${me} (${services.url})`, name: 'registry.example/team/web:1' })
    expect(signed.signatures).toHaveLength(3)
    // The same job another time: nothing is added.
    expect((await temperJson<SignResult>(args, { cwd: folder, env: ci })).signatures).toMatchObject([
      { existing: true },
      { existing: true },
      { existing: true },
    ])

    for (const line of [
      ['init'],
      ['add-identity', 'ci', '--identity', me, '--issuer', services.url],
      ['add-rule', 'registry.example/team/*', '--signed-by', 'ci', '--max-age', '1h', '--require-name'],
    ])
      expect(await run('trust', ...line)).toMatchObject({ code: 0 })
    expect(readFileSync(join(folder, 'team.yaml'), 'utf8')).toContain(me)

    const verified = await temperJson<Verification>(
      ['verify', 'oci:image:v1', '--as', 'registry.example/team/web:1', '--recursive', '--offline'],
      { cwd: folder, env },
    )
    expect(verified).toMatchObject({
      verified: true,
      rule: 'registry.example/team/*',
      signers: [signed.signer],
      images: [{ verified: true }, { verified: true }, { verified: true }],
    })
    const replayed = await run('verify', 'oci:image:v1', '--as', 'registry.example/team/web:2')
    expect(replayed).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/names the image .*web:1, not .*web:2/),
    })
    expect((await run('trust', 'check', 'oci:image:v1')).code).toBe(1)
  })

  it('are told what is missing', async () => {
    const error = (...args: readonly string[]) => temperError(args, { cwd: folder, env })
    const ref = 'oci:image:v1'
    expect(await error('sign', ref)).toMatchObject({ code: 'bad-usage', exitCode: 2 })
    expect(await error('sign', ref, '--keyless', '--key', 'x')).toMatchObject({ code: 'bad-usage' })
    expect(await error('sign', ref, '--keyless')).toMatchObject({
      hint: expect.stringMatching(/id-token: write/),
    })
    writeFileSync(join(folder, 'token'), services.token('me'))
    const offline = ['--keyless', '--identity-token', 'token', '--offline']
    expect(await error('sign', ref, ...offline)).toMatchObject({ code: 'offline', exitCode: 3 })
    expect(await error('verify', ref, '--identity', 'me')).toMatchObject({ code: 'bad-usage' })
    expect(await error('verify', ref, '--trust', 'nowhere.yaml')).toMatchObject({ code: 'not-found' })
    writeFileSync(join(folder, 'bad.yaml'), 'version: 1\nrule: []\n')
    expect(await error('trust', 'show', '--trust', 'bad.yaml')).toMatchObject({
      code: 'bad-trust',
      exitCode: 2,
    })
    expect(await error('trust', 'add-key', 'one')).toMatchObject({ code: 'bad-usage' })
  })
})
