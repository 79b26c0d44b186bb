import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeLayout } from '../../src/flows/assess/fixtures/sample-layout.ts'
import type { SampleEntry } from '../../src/formats/layer/fixtures/sample-image.ts'
import { folder as directory, file, program } from '../../src/rules/image/fixtures/example.ts'
import { plainFiles, plainProgram, plainSettings } from '../../src/rules/image/fixtures/plain-image.ts'
import { checked } from '../../src/secrets/fixtures/sample.ts'
import { tryGoTool } from '../support/go-tool.ts'
import { temper, temperJson } from '../support/temper-cli.ts'
import { writeTrivyDatabase } from '../support/trivy-database.ts'

/*
 * What Trivy says of the configuration and the secrets of images, Temper says too, by the rule that the page names; where it
 * does not, the page argues it.
 */

const run = promisify(execFile)
const trivy = await tryGoTool('trivy')

let home = ''
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'temper-trivy-checks-'))
  await writeTrivyDatabase(join(home, 'cache'), [])
})
afterAll(() => rm(home, { recursive: true, force: true }))

interface Misconfiguration {
  readonly ID: string
  readonly Status: string
}

interface TrivyReport {
  readonly Results?: readonly {
    readonly Class: string
    readonly Misconfigurations?: readonly Misconfiguration[]
    readonly Secrets?: readonly { readonly RuleID: string }[]
  }[]
  readonly ImageConfig?: unknown
}

const offline = [
  '--skip-db-update',
  '--skip-java-db-update',
  '--offline-scan',
  '--skip-version-check',
  '--skip-check-update',
]

async function askTrivy(...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: home }
  const common = ['image', '--cache-dir', join(home, 'cache'), '--quiet', '--format', 'json', ...offline]
  return (await run(trivy ?? '', [...common, ...args], { env, maxBuffer: 64 << 20 })).stdout
}

/** Checks of Trivy that fail, by their numbers on the page; "secret" where it found one. */
async function toldByTrivy(layout: string): Promise<readonly string[]> {
  const text = await askTrivy(
    ...['--input', layout, '--scanners', 'misconfig,secret', '--image-config-scanners', 'misconfig,secret'],
  )
  const { Results = [] } = JSON.parse(text) as TrivyReport
  const checks = Results.flatMap(({ Misconfigurations = [] }) => Misconfigurations)
    .filter(({ Status }) => Status === 'FAIL')
    .map(({ ID }) => `DS-${ID.replace(/\D/g, '').slice(-4).padStart(4, '0')}`)
  const secrets = Results.some(({ Secrets = [] }) => Secrets.length > 0) ? ['secret'] : []
  return [...new Set([...checks, ...secrets])].sort()
}

/** Several checks may share a row: "| DS-0015, -0019, …, clean after install |". */
function isRowOf(line: string, check: string): boolean {
  return line.startsWith('| DS-') && [`${check},`, `${check.slice(2)},`].some((name) => line.includes(name))
}

/** A command that asks whether the program is well. Trivy looks at it where the history has the instruction. */
const settings = { ...plainSettings, Healthcheck: { Test: ['CMD', '/usr/bin/app', '--check'] } }

const healthcheck = 'HEALTHCHECK &{["CMD" "/usr/bin/app" "--check"]}'

interface Image {
  readonly title: string
  readonly files?: readonly SampleEntry[]
  readonly settings?: Partial<typeof plainSettings>
  readonly history?: readonly string[]
  /** The rule here, where Trivy 0.72 says nothing of images, whatever it says of Dockerfiles. */
  readonly alone?: string
}

const images: readonly Image[] = [
  { title: 'plain' },
  { title: 'root', settings: { User: 'root' } },
  { title: 'no healthcheck', settings: { Healthcheck: {} } },
  {
    title: 'port 22',
    settings: { ExposedPorts: { '22/tcp': {} } },
    history: ['EXPOSE map[22/tcp:{}]'],
    alone: 'login-port',
  },
  {
    title: 'a secret in a file',
    files: [directory('srv'), file('srv/settings.txt', `key = ${checked('ghp')}\n`)],
  },
  { title: 'a secret in a variable', settings: { Env: ['PATH=/usr/bin', `AWS_KEY=${checked('ghp')}`] } },
  { title: 'update alone', history: ['RUN /bin/sh -c apt-get update # buildkit'] },
  {
    title: 'sudo',
    history: ['RUN /bin/sh -c sudo make # buildkit'],
    files: [program('usr/bin/sudo', plainProgram)],
  },
  {
    title: 'a remote file',
    alone: 'remote-add',
    history: ['ADD https://files.example/x.txt /srv/ # buildkit'],
  },
]

describe.skipIf(trivy === undefined)('Trivy on the configuration of images', () => {
  let page = ''
  beforeAll(async () => {
    page = await readFile(new URL('../../../../docs/reference/other-checks.md', import.meta.url), 'utf8')
  })

  it.each(images)(
    '$title: each check that fails has a rule here that is broken, or is argued',
    async (image) => {
      const layout = join(home, image.title.replaceAll(' ', '-'))
      const made = { ...settings, ...image.settings }
      await writeLayout(layout, [[...plainFiles, ...(image.files ?? [])]], made, {
        after: [
          ...(image.settings?.Healthcheck === undefined ? [healthcheck] : []),
          ...(image.history ?? []),
        ],
      })
      const { findings } = await temperJson<{ findings: readonly { rule: string }[] }>([
        'assess',
        `oci:${layout}`,
      ])
      const broken = new Set(findings.map(({ rule }) => rule))
      const told = await toldByTrivy(layout)
      const unmatched = told.filter((check) => {
        if (check === 'secret') return ![...broken].some((rule) => /^secret-in-|^build-argument$/.test(rule))
        const row = page.split('\n').find((line) => isRowOf(line, check))
        const rules = [...(row ?? '').matchAll(/`([a-z-]+)`/g)].map(([, rule = '']) => rule)
        const isArgued = row !== undefined && / none \|/.test(row)
        return !isArgued && !rules.some((rule) => broken.has(rule))
      })
      expect({ told, unmatched }).toEqual({ told, unmatched: [] })
      if (image.alone !== undefined) expect([told, broken.has(image.alone)]).toEqual([[], true])
      else if (image.title !== 'plain') expect(told.length).toBeGreaterThan(0)
    },
  )

  it('knows the controls of docker-cis-1.6.0 that the page names', async () => {
    const layout = join(home, 'compliance')
    await writeLayout(layout, [plainFiles], { ...settings, User: 'root' })
    const text = await askTrivy('--input', layout, '--compliance', 'docker-cis-1.6.0', '--report', 'summary')
    const { SummaryControls } = JSON.parse(text) as {
      SummaryControls: readonly { ID: string; TotalFail: number | null }[]
    }
    const ids = SummaryControls.map(({ ID }) => ID)
    expect(ids.length).toBeGreaterThan(8)
    expect(ids.filter((id) => !page.includes(`| ${id} |`))).toEqual([])
    expect(SummaryControls.find(({ ID }) => ID === '4.1')?.TotalFail).toBeGreaterThan(0)
    const { stdout } = await temper(['comply', `oci:${layout}`, '--framework', 'cis-docker', '--json'])
    const { controls } = JSON.parse(stdout) as { controls: readonly { id: string; status: string }[] }
    expect(controls.find(({ id }) => id === '4.1')?.status).toBe('fail')
  })
})
