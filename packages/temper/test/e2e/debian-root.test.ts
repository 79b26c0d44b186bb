import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mainMirror, tryDebianTool } from '../support/debian-tool.ts'
import { temperJson } from '../support/temper-cli.ts'

/*
 * What Debian installs by itself, as most images begin, set up by its own tools from its mirror: it fails for the right
 * reasons, rule by rule. The golden file is read by people; what changes from one package version to the next is not in it.
 */

const run = promisify(execFile)
const mmdebstrap = process.getuid?.() === 0 ? await tryDebianTool('mmdebstrap') : undefined

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-debian-root-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** An image as Debian's official one is made: one layer, a shell to start, no user. */
function writeImage(layer: Uint8Array): string {
  const layout = join(folder, 'layout')
  mkdirSync(join(layout, 'blobs/sha256'), { recursive: true })
  const put = (bytes: Uint8Array, mediaType: string) => {
    const hex = createHash('sha256').update(bytes).digest('hex')
    writeFileSync(join(layout, 'blobs/sha256', hex), bytes)
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length }
  }
  const json = (value: unknown, mediaType: string) => put(Buffer.from(JSON.stringify(value)), mediaType)
  const blob = put(layer, 'application/vnd.oci.image.layer.v1.tar')
  const config = json(
    {
      architecture: 'amd64',
      os: 'linux',
      created: new Date().toISOString(),
      config: { Cmd: ['bash'], Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'] },
      rootfs: { type: 'layers', diff_ids: [blob.digest] },
      history: [{ created_by: '# debian.sh --arch amd64 out/ trixie' }],
    },
    'application/vnd.oci.image.config.v1+json',
  )
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const manifest = json({ schemaVersion: 2, mediaType, config, layers: [blob] }, mediaType)
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  writeFileSync(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }))
  return `oci:${layout}`
}

interface Report {
  readonly tier: string
  readonly findings: readonly {
    readonly rule: string
    readonly level: string
    readonly aspect: string
    readonly tier: string
    readonly subject: string
    readonly found: string
  }[]
  readonly unjudged: readonly { readonly rule: string; readonly why: string }[]
  readonly next: readonly { readonly rule: string }[]
}

/** Most subjects of a rule that are written out. */
const most = 16

/** Rule by rule; of many files only the folders that they are in, and of notes only the rule. */
function golden({ tier, findings, unjudged, next }: Report): string {
  const rules = Map.groupBy(findings, ({ rule, level }) => `${level} ${rule}`)
  const lines = [...rules].flatMap(([title, same]) => {
    const [first] = same
    const head = `${title} (${first?.aspect}, ${first?.tier})`
    if (first?.level === 'note') return [head]
    const whole = new Set(same.map(({ subject, found }) => `  ${subject}: ${found}`))
    if (whole.size <= most) return [head, ...[...whole].sort()]
    const folders = new Set(
      same.map(({ subject }) => `  ${subject.split('/').slice(0, 4).slice(0, -1).join('/')}/…`),
    )
    return [head, ...[...folders].filter((line) => line.startsWith('  /')).sort()]
  })
  const missing = unjudged.map(({ rule, why }) => `not checked ${rule}: ${why}`)
  const steps = next.map(({ rule }) => `  ${rule}`)
  return `${[tier, 'do first', ...steps, ...lines, ...missing].join('\n')}\n`
}

describe.skipIf(mmdebstrap === undefined)('a plain Debian root', () => {
  it('fails for the right reasons, rule by rule', async () => {
    const tar = join(folder, 'root.tar')
    const source = `deb ${await mainMirror()} trixie main`
    const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
    const args = ['--variant=apt', '--quiet', `--keyring=${keyring}`, 'trixie', tar, source]
    // Device files of the host are no part of an image.
    await run(mmdebstrap ?? '', ['--skip=output/dev', ...args])
    const report = await temperJson<Report>(['assess', writeImage(readFileSync(tar))])
    await expect(golden(report)).toMatchFileSnapshot('golden/debian-root.txt')
  }, 600_000)
})
