import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GateJson } from '../src/flows/assess/gate-json.ts'
import { openLayout } from '../src/oci/layout/layout.ts'
import { pushImage, type SmallImage, smallImage, smallIndex } from './support/small-image.ts'
import { temper, temperJson } from './support/temper-cli.ts'

/* What outside checks of `temper gate` rely on: members of its JSON, and exit codes. */

let folder = ''
const env = { TEMPER_KEY_PASSWORD: 'x' }
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-gate-'))
  const put = async (name: string, image: SmallImage) => {
    const layout = openLayout(join(folder, name))
    await pushImage(layout, image)
    await layout.tag(image.root, 'latest')
  }
  await put('one', smallImage({ bytes: 1000 }))
  await put('both', smallIndex())
  const rule = (id: string, brokenWhen: string) =>
    `{ id: ${id}, title: it is fine, fix: mend it, broken-when: '${brokenWhen}' }`
  const write = (name: string, text: string) => writeFile(join(folder, name), text)
  await write('fine.yaml', `other-rules: off\nown-rules: [${rule('own', 'false')}]\n`)
  await write(
    'arm.yaml',
    `other-rules: off\nown-rules: [${rule('arm', 'image.platform == "linux/arm64"')}]\n`,
  )
  const exception = '{ rule: own, owner: a@example.org, reason: why not, expires: 2999-01-01 }'
  const ended = '{ rule: other, owner: b@example.org, reason: no, expires: 2020-01-01 }'
  await write(
    'waived.yaml',
    `other-rules: off
own-rules: [${rule('own', 'true')}, ${rule('other', 'true')}]
exceptions: [${exception}, ${ended}]
`,
  )
  await write('feeds.yaml', 'other-rules: off\nvulnerabilities: { error: [critical] }\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A cache of its own: nobody has fetched advisories. */
const options = () => ({ cwd: folder, env: { ...env, TEMPER_CACHE_DIR: join(folder, 'cache') } })
async function gate(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly json: GateJson }> {
  const { code, stdout } = await temper(['gate', ...args, '--json'], options())
  return { code, json: JSON.parse(stdout) as GateJson }
}

describe('temper gate', () => {
  it('allows: exit code 0', async () => {
    expect(await gate('oci:one', '--policy', 'fine.yaml')).toMatchObject({
      code: 0,
      json: { allowed: true, policy: 'fine', reasons: [], waived: [] },
    })
  })

  it('refuses: exit code 1, with rule and what was found; a dry run says the same and ends with 0', async () => {
    const refused = { allowed: false, policy: 'hardened' }
    const { code, json } = await gate('oci:one')
    expect([code, json.allowed, json.policy]).toEqual([1, false, 'hardened'])
    expect(json.reasons).toContainEqual(
      expect.objectContaining({
        rule: 'vulnerabilities',
        found: 'not judged: there are no advisories to compare with',
        judged: false,
      }),
    )
    expect(await gate('oci:one', '--dry-run')).toMatchObject({ code: 0, json: { ...refused, dryRun: true } })
  })

  it('judges each platform, and says which of them is meant', async () => {
    const { code, json } = await gate('oci:both', '--policy', 'arm.yaml')
    expect(code).toBe(1)
    expect(json.platforms.map(({ platform, allowed }) => [platform, allowed])).toEqual([
      ['linux/amd64', true],
      ['linux/arm64', false],
    ])
    expect(json.reasons).toMatchObject([{ rule: 'arm', platforms: ['linux/arm64'] }])
    expect((await gate('oci:both', '--policy', 'arm.yaml', '--platform', 'linux/amd64')).code).toBe(0)
  })

  it('tells what is waived, with owner, reason and last day, and what has ended', async () => {
    const { code, json } = await gate('oci:one', '--policy', 'waived.yaml')
    expect(code).toBe(1)
    expect(json.reasons.map(({ rule }) => rule)).toEqual(['other'])
    expect(json.waived).toMatchObject([
      { rule: 'own', owner: 'a@example.org', reason: 'why not', until: '2999-01-01' },
    ])
    expect(json.expired).toMatchObject([{ rule: 'other', until: '2020-01-01', place: 'waived.yaml:3' }])
  })

  it.each([
    ['none.yaml', 'not-found'],
    ['broken.yaml', 'bad-policy'],
  ])('ends with 2 where the policy is %s', async (policy, code) => {
    await writeFile(join(folder, 'broken.yaml'), 'rules: { nothing-of-this-name: error }')
    const { code: exit, stdout } = await temper(['gate', 'oci:one', '--policy', policy, '--json'], options())
    expect([exit, JSON.parse(stdout).error.code]).toEqual([2, code])
  })

  it('writes a summary that is signed, whichever way it goes; a refusal verifies nothing', async () => {
    await temperJson(['keys', 'generate', '-o', 'own'], options())
    for (const [policy, code] of [
      ['fine.yaml', 0],
      ['feeds.yaml', 1],
    ] as const) {
      const sign = ['--sign', 'own.key', '--attach', '--summary', 'summary.json']
      expect((await gate('oci:one', '--policy', policy, ...sign)).code).toBe(code)
      const bundle = JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8'))
      const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString())
      expect(statement).toMatchObject({
        predicateType: 'https://slsa.dev/verification_summary/v1',
        predicate: { verificationResult: code === 0 ? 'PASSED' : 'FAILED' },
      })
      const verify = ['verify', 'oci:one', '--key', 'own.pub', '--require', 'vsa']
      if (code === 0) expect((await temper(verify, options())).code).toBe(0)
    }
  })
})

describe('temper policy', () => {
  it('prints the input of an image, which has what its configuration says', async () => {
    const input = await temperJson(['policy', 'input', 'oci:one'], options())
    expect(input).toMatchObject({
      image: { user: '65532:65532', entrypoint: ['/app'], platform: 'linux/amd64', layers: 2 },
      scan: { judged: false },
      unjudged: { scan: 'there are no advisories to compare with' },
    })
  })

  it('asks for a platform where there are several', async () => {
    const { code, stderr } = await temper(['policy', 'input', 'oci:both'], options())
    expect([code, stderr]).toEqual([2, expect.stringContaining('--platform linux/amd64')])
  })

  it('shows a policy as it counts, and lists those that ship', async () => {
    expect(await temperJson(['policy', 'show', 'secure'], options())).toMatchObject({
      name: 'secure',
      tier: 'secure',
      extends: ['hardened'],
    })
    const { policies } = (await temperJson(['policy', 'list'], options())) as { policies: { name: string }[] }
    expect(policies.map(({ name }) => name)).toContain('fedramp')
  })
})
