import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import {
  about,
  findingsOf,
  formats,
  sampleInventory,
  systems,
} from '../../src/flows/sbom/fixtures/findings-sample.ts'
import { describeInventory } from '../../src/sbom/describe/inventory.ts'
import { readSbom } from '../../src/sbom/read/read.ts'
import { tryGoTool } from '../support/go-tool.ts'

/* Documents of Temper that Syft or Trivy turned into others still have the findings of what they were written of. */

const run = promisify(execFile)
const wanted = process.env['TEMPER_INTEROP'] === '1'
const syft = wanted ? await tryGoTool('syft') : undefined
const trivy = wanted ? await tryGoTool('trivy') : undefined
const folder = await mkdtemp(join(tmpdir(), 'temper-conversions-'))
afterAll(() => rm(folder, { recursive: true }))

const syftFormats = ['cyclonedx-json', 'cyclonedx-xml', 'spdx-json', 'spdx-tag-value', 'syft-json'] as const
const trivyFormats = ['cyclonedx', 'spdx-json', 'spdx', 'json'] as const

async function bySyft(file: string, format: string): Promise<string> {
  const env = { ...process.env, HOME: folder, SYFT_CHECK_FOR_APP_UPDATE: 'false' }
  const { stdout } = await run(syft ?? '', ['convert', file, '-o', format, '-q'], {
    env,
    maxBuffer: 64 << 20,
  })
  return stdout
}

async function byTrivy(file: string, format: string): Promise<string> {
  const offline = [
    '--offline-scan',
    '--skip-db-update',
    '--skip-java-db-update',
    '--skip-version-check',
    '-q',
  ]
  const all = format === 'json' ? ['--list-all-pkgs', '--scanners', 'license'] : []
  const { stdout } = await run(trivy ?? '', ['sbom', '--format', format, ...all, ...offline, file], {
    env: { ...process.env, HOME: folder },
    maxBuffer: 64 << 20,
  })
  return stdout
}

/** SPDX 3 is written by Temper only: neither of them reads it. */
const read = formats.filter(([name]) => name !== 'SPDX 3')
const documents = systems.flatMap((system) =>
  read.map(
    ([name, write]) =>
      [`${system.distribution.id} ${system.distribution.version} as ${name}`, system, write] as const,
  ),
)

describe.each([
  ['Syft', syft, bySyft, syftFormats],
  ['Trivy', trivy, byTrivy, trivyFormats],
] as const)('what %s makes of', (_, tool, convert, into) => {
  it.skipIf(tool === undefined).each(documents)(
    '%s',
    async (name, system, write) => {
      const given = sampleInventory(system)
      const file = join(folder, `${name.replace(/\W+/g, '-')}.json`)
      await writeFile(file, write(describeInventory(given, about)))
      const expected = findingsOf(given)
      expect(expected.length).toBeGreaterThan(25)
      for (const format of into) {
        const text = await convert(file, format)
        const { inventory } = await readSbom(Buffer.from(text), { what: format })
        const findings = findingsOf(inventory)
        // Trivy's report has no type for actions either, which its other formats pass on; nothing in it tells of that.
        const listed =
          format === 'json' ? expected.filter((each) => !each.includes(' githubactions ')) : expected
        // Trivy's report leaves out packages of some distributions: that has to be told.
        const isTold = inventory.notes.some(({ code }) => code === 'packages-not-listed')
        const left = isTold ? listed.filter((each) => !each.includes(` ${system.type} `)) : listed
        expect({ format, findings }).toEqual({ format, findings: left })
      }
    },
    120_000,
  )
})
