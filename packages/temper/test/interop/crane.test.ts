import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BuildResult } from '../../src/flows/build/result.ts'
import { catalogImage } from '../support/catalog.ts'
import { type CraneRegistry, startCraneRegistry } from '../support/crane-registry.ts'
import { tryGoTool } from '../support/go-tool.ts'
import { temper, temperJson } from '../support/temper-cli.ts'

/* A registry with the referrers API, and crane as its client: images and what is attached to them arrive whole. */

const run = promisify(execFile)
const crane = await tryGoTool('crane')
const registryProgram = await tryGoTool('registry')

interface EvidenceJson {
  readonly subject: string
  readonly evidence: readonly { readonly type: string; readonly digest: string; readonly verified: boolean }[]
}

describe.skipIf(crane === undefined || registryProgram === undefined)('crane', () => {
  let folder = ''
  let registry: CraneRegistry
  let result: BuildResult
  let reference = ''
  const env = { TEMPER_KEY_PASSWORD: 'a password' }
  const client = async (...args: readonly string[]) => (await run(crane ?? '', [...args])).stdout.trim()
  const evidence = (of: string, ...options: readonly string[]) =>
    temperJson<EvidenceJson>(['evidence', of, ...options], { cwd: folder, env })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'temper-crane-'))
    registry = await startCraneRegistry(registryProgram ?? '')
    const built = await catalogImage('static')
    result = built.result
    reference = `${registry.host}/team/static:v1`
    const copied = await temper(['copy', `oci:${built.layout}`, reference])
    expect(copied, copied.stderr).toMatchObject({ code: 0 })
  }, 600_000)

  afterAll(async () => {
    await registry?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('reads the image as it was built', async () => {
    expect(await client('digest', reference)).toBe(result.digest)
    await client('validate', '--remote', reference)
    const manifest = JSON.parse(await client('manifest', reference)) as {
      readonly layers: readonly unknown[]
    }
    expect(manifest.layers.length).toBeGreaterThan(0)
  })

  it("lists what is attached by the registry's own interface", async () => {
    const answer = await fetch(`http://${registry.host}/v2/team/static/referrers/${result.digest}`)
    expect(answer.status).toBe(200)
    const { manifests } = (await answer.json()) as {
      readonly manifests: readonly { readonly digest: string }[]
    }
    const { evidence: listed } = await evidence(reference)
    expect(manifests.map(({ digest }) => digest).sort()).toEqual(listed.map(({ digest }) => digest).sort())
    // The registry lists the type of their configurations for all: what they are is read from themselves.
    const attached = await temper(['sbom', reference, '--format', 'cyclonedx-json', '--from', 'attached'])
    expect(attached, attached.stderr).toMatchObject({ code: 0 })
    expect(JSON.parse(attached.stdout)).toMatchObject({ bomFormat: 'CycloneDX' })
    expect((await temper(['vex', reference])).code).toBe(0)
  })

  it('keeps what Temper signs there, for whoever copies the image', async () => {
    const made = await temper(['keys', 'generate', '--output', 'key'], { cwd: folder, env })
    expect(made, made.stderr).toMatchObject({ code: 0 })
    const signed = await temper(['sign', reference, '--key', 'key.key'], { cwd: folder, env })
    expect(signed, signed.stderr).toMatchObject({ code: 0 })
    const moved = `${registry.host}/other/static:v2`
    expect((await temper(['copy', reference, moved])).code).toBe(0)
    const verified = await temper(['verify', moved, '--key', 'key.pub'], { cwd: folder, env })
    expect(verified, verified.stdout).toMatchObject({ code: 0 })
    // crane copies the image alone: then nothing vouches for it, and verify says so.
    const bare = `${registry.host}/bare/static:v3`
    await client('copy', reference, bare)
    expect(await client('digest', bare)).toBe(result.digest)
    expect((await temper(['verify', bare, '--key', 'key.pub'], { cwd: folder, env })).code).toBe(1)
  })
})
