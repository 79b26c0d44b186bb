import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildZip } from '../../formats/zip/fixtures/sample.ts'
import type { Context } from '../context.ts'
import { sbomFormatNames } from '../evidence/evidence-type.ts'
import { feedsContext } from '../feeds/fixtures/sample.ts'
import { importFeeds } from '../feeds/import.ts'
import { scan } from '../scan/scan.ts'
import { diffSboms } from './diff.ts'
import { mergeSboms } from './merge.ts'
import { sbom } from './sbom.ts'

let folder = ''
let context: Context
const target = { kind: 'directory', path: 'app' } as const
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-named-'))
  context = feedsContext(folder)
  await mkdir(join(folder, 'app'))
  await writeFile(join(folder, 'app/fray-0.9.jar'), jar)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const jar = buildZip({ entries: [{ name: 'org/y/fray/Main.class', content: 'x' }] })
const guess = 'pkg:maven/org.y/fray@0.9'
const published = 'pkg:maven/org.x.fray/fray-runtime@0.9.2'

async function knowTheArchive(): Promise<void> {
  const sha1 = createHash('sha1').update(jar).digest('hex')
  await writeFile(
    join(folder, 'names.tsv'),
    `sha1\tgroup\tartifact\tversion\n${sha1}\torg.x.fray\tfray-runtime\t0.9.2\n`,
  )
  await importFeeds({ paths: ['names.tsv'] }, context)
}

describe('names of Java archives in bills of materials', () => {
  test.each(sbomFormatNames)('are those that feeds know, as in a scan: %s', async (format) => {
    expect((await sbom({ target, format }, context)).text).toContain(guess)
    await knowTheArchive()
    const { text } = await sbom({ target, format }, context)
    expect(text).toContain(published)
    expect(text).not.toContain(guess)
    expect(text).not.toContain('guessedFrom')
    const { reports } = await scan({ targets: [target] }, context)
    expect(reports[0]?.result.ledger.map(({ component }) => component.purl)).toEqual([published])
  })

  test('are those of merged and compared ones, too', async () => {
    await sbom({ target, format: 'cyclonedx-json', output: 'before.json' }, context)
    await knowTheArchive()
    const merged = await mergeSboms({ targets: [target, target], format: 'cyclonedx-json' }, context)
    expect(merged.text).toContain(published)
    const before = { kind: 'sbom', path: 'before.json' } as const
    expect((await diffSboms({ old: before, young: target }, context)).equal).toBe(true)
  })

  test('stay what archives say where feeds are damaged, which is told', async () => {
    await knowTheArchive()
    await rm(join(folder, 'cache/feeds'), { recursive: true })
    await mkdir(join(folder, 'cache/feeds'), { recursive: true })
    await writeFile(join(folder, 'cache/feeds/current.json'), '{')
    const warnings: string[] = []
    const progress = { ...context.progress, warn: (text: string) => void warnings.push(text) }
    const { text } = await sbom({ target, format: 'spdx-json' }, { ...context, progress })
    expect(text).toContain(guess)
    expect(warnings).toEqual([expect.stringMatching(/^Names of Java archives were not looked up: /)])
  })
})
