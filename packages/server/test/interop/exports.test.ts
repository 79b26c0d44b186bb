import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tryGoTool } from '../../../temper/test/support/go-tool.ts'
import { tryNpmTool } from '../../../temper/test/support/npm-tool.ts'
import type { OsvRecord } from '../../../temper/test/support/osv-entry.ts'
import { writeTrivyDatabase } from '../../../temper/test/support/trivy-database.ts'
import { ArchiveFolder, advisoryOf, notReached } from '../factory/archive.ts'
import { OwnFactory } from '../factory/own-factory.ts'

/* What others' programs make of what a factory hands out: Trivy, Backstage's own model, Renovate. */

const run = promisify(execFile)
const trivy = await tryGoTool('trivy')
const backstage = await tryNpmTool('@backstage/catalog-model')
const renovate = await tryNpmTool('renovate')

let factory: OwnFactory
let archive: ArchiveFolder
const advisories = [advisoryOf('CVE-2026-1', 'widget', '9.0-1'), advisoryOf('CVE-2026-2', 'widget', '9.0-1')]
const statement = notReached('CVE-2026-1', 'widget')

beforeAll(async () => {
  factory = await OwnFactory.inFolder()
  archive = await ArchiveFolder.make(factory.path('mirror'))
  await archive.offer({ gadget: '1.0-1', widget: '2.0-1' })
  await factory.start()
  await build('["1.2.3", "1.2", "1"]', '')
})
afterAll(() => factory.remove())

async function build(tags: string, more: string): Promise<string> {
  const recipe = archive.recipe('shop', ['gadget', 'widget'], more).replace('tags: ["1"]', `tags: ${tags}`)
  const files = { ...archive.files, 'recipe.openvex.json': JSON.stringify(statement) }
  const { build: id } = await factory.post<{ build: string }>('/api/recipes', { name: 'shop', recipe, files })
  const built = await factory.built(id)
  expect([built.error, built.state]).toEqual([null, 'published'])
  return built.digest ?? ''
}

describe.skipIf(trivy === undefined)('Trivy', () => {
  it('leaves out of its findings what the VEX repository says of the image', async () => {
    await writeTrivyDatabase(factory.path('trivy'), advisories as readonly OsvRecord[])
    const place = factory.path('xdg/.trivy/vex')
    await mkdir(place, { recursive: true })
    const repository = { name: 'ours', url: factory.url, enabled: true, token: factory.token }
    await writeFile(join(place, 'repository.yaml'), JSON.stringify({ repositories: [repository] }))
    const call = async (...words: readonly string[]) => {
      const env = {
        PATH: process.env.PATH,
        HOME: factory.folder,
        XDG_DATA_HOME: factory.path('xdg'),
        TRIVY_USERNAME: 'me',
        TRIVY_PASSWORD: factory.token,
        TRIVY_INSECURE: 'true',
      }
      const options = ['--cache-dir', factory.path('trivy')]
      return (await run(trivy ?? '', [...words, ...options], { env, maxBuffer: 64 << 20 })).stdout
    }
    const reported = async (...more: readonly string[]) => {
      const offline = ['--skip-db-update', '--skip-java-db-update', '--offline-scan', '--skip-version-check']
      const words = ['image', `${factory.host}/shop:1`, '--image-src', 'remote', '--scanners', 'vuln']
      const text = await call(...words, '--format', 'json', '--quiet', ...offline, ...more)
      const { Results = [] } = JSON.parse(text) as {
        Results?: readonly { Vulnerabilities?: readonly { VulnerabilityID: string }[] }[]
      }
      return Results.flatMap(({ Vulnerabilities = [] }) =>
        Vulnerabilities.map((each) => each.VulnerabilityID),
      )
    }
    expect(await reported()).toEqual(['CVE-2026-1', 'CVE-2026-2'])
    expect(await call('vex', 'repo', 'list')).toContain(factory.url)
    await call('vex', 'repo', 'download')
    expect(await reported('--vex', 'repo')).toEqual(['CVE-2026-2'])
  })
})

describe.skipIf(backstage === undefined)('Backstage', () => {
  it('takes every entity', async () => {
    const {
      componentEntityV1alpha1Validator,
      entityKindSchemaValidator: _,
      ...model
    } = createRequire(import.meta.url)(backstage ?? '')
    const text = await (await factory.ask('/api/catalog-info.yaml')).text()
    const entities = text
      .split('---\n')
      .slice(1)
      .map((each) => JSON.parse(each))
    expect(entities).toHaveLength(1)
    const policy = new model.SchemaValidEntityPolicy()
    const fields = new model.FieldFormatEntityPolicy()
    for (const entity of entities) {
      expect(await componentEntityV1alpha1Validator.check(entity)).toBe(true)
      expect(await policy.enforce(entity)).toBe(entity)
      expect(await fields.enforce(entity)).toBe(entity)
    }
    const wrong = { ...entities[0], spec: { type: 'x' } }
    await expect(componentEntityV1alpha1Validator.check(wrong)).rejects.toThrow('lifecycle')
  })
})

describe.skipIf(renovate === undefined)('Renovate', () => {
  it('finds newer tags and digests of an image, and where its source is', async () => {
    const label = 'labels: {org.opencontainers.image.source: "https://git.example/shop"}\n'
    const digest = await build('["1.10.0", "1.10", "1"]', label)
    const folder = factory.path('renovate')
    await mkdir(folder)
    await writeFile(join(folder, 'Dockerfile'), `FROM ${factory.host}/shop:1.2.3\n`)
    await writeFile(
      join(folder, 'config.json'),
      JSON.stringify({
        onboarding: false,
        requireConfig: 'ignored',
        enabledManagers: ['dockerfile'],
        extends: [],
        pinDigests: true,
        // A host with its port is one for https alone to it.
        hostRules: [
          { matchHost: '127.0.0.1', username: 'me', password: factory.token, insecureRegistry: true },
        ],
      }),
    )
    // It looks at what git knows.
    await run('git', ['init', '--quiet'], { cwd: folder })
    await run('git', ['add', 'Dockerfile'], { cwd: folder })
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'debug',
      RENOVATE_CONFIG_FILE: join(folder, 'config.json'),
      RENOVATE_BASE_DIR: factory.path('renovate-base'),
    }
    const program = join(renovate ?? '', 'dist/renovate.js')
    const words = [program, '--platform=local', '--dry-run=lookup', '--require-config=ignored']
    const { stdout } = await run(process.execPath, words, { cwd: folder, env, maxBuffer: 64 << 20 })
    const lines = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
    const told = lines.find(({ msg }) => msg === 'packageFiles with updates')
    const [dependency] = told?.config?.dockerfile?.[0]?.deps ?? []
    expect(dependency).toMatchObject({
      depName: `${factory.host}/shop`,
      currentValue: '1.2.3',
      sourceUrl: 'https://git.example/shop',
      updates: expect.arrayContaining([
        expect.objectContaining({ updateType: 'minor', newValue: '1.10.0', newDigest: digest }),
      ]),
    })
  })
})
