import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleCompliance } from '../../src/compliance/fixtures/sample.ts'
import { frameworks } from '../../src/compliance/frameworks.ts'
import { oscalResults } from '../../src/compliance/pack/oscal.ts'
import { xccdfResults } from '../../src/compliance/pack/xccdf.ts'
import { tryDebianTool } from '../support/debian-tool.ts'
import { tryPythonTool } from '../support/python-tool.ts'

/* Packs of evidence are read by OpenSCAP and by trestle, and titles are those of the real catalogue. */

const run = promisify(execFile)
const oscap = await tryDebianTool('oscap')
const trestle = await tryPythonTool('trestle')

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-compliance-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const ids = frameworks.map((framework) => [framework.id, framework] as const)

describe.skipIf(oscap === undefined)('OpenSCAP', () => {
  it.each(ids)('takes the XCCDF of %s as valid, and knows its results', async (_, framework) => {
    const file = join(folder, `${framework.id}.xml`)
    await writeFile(file, xccdfResults(sampleCompliance(framework)))
    await run(oscap ?? '', ['xccdf', 'validate', file])
    const { stdout } = await run(oscap ?? '', ['info', file])
    expect(stdout).toContain(`xccdf_io.temper_testresult_${framework.id}`)
  })

  it('refuses it when a part is missing', async () => {
    const [framework] = frameworks
    if (framework === undefined) throw new Error('no framework')
    const file = join(folder, 'broken.xml')
    const text = xccdfResults(sampleCompliance(framework)).replace(/<version>.*?<\/version>/, '')
    await writeFile(file, text)
    await expect(run(oscap ?? '', ['xccdf', 'validate', file])).rejects.toThrow()
  })
})

describe.skipIf(trestle === undefined)('trestle', () => {
  const call = (...args: readonly string[]) =>
    run(join(trestle ?? '', 'bin/trestle'), [...args], { cwd: join(folder, 'trestle') })
  beforeAll(async () => {
    await run('mkdir', [join(folder, 'trestle')])
    await call('init', '--local')
  })

  it.each(ids)(
    'imports the OSCAL of %s and takes it as valid',
    { timeout: 60_000 },
    async (id, framework) => {
      const file = join(folder, `${id}.json`)
      await writeFile(file, JSON.stringify(oscalResults(sampleCompliance(framework))))
      await call('import', '-f', file, '-o', id)
      const { stdout, stderr } = await call(
        'validate',
        '-f',
        `assessment-results/${id}/assessment-results.json`,
      )
      expect(stdout + stderr).toContain('VALID: Model')
    },
  )

  it('brings the catalogue of FedRAMP, whose titles are ours', async () => {
    const { stdout } = await run('find', [
      trestle ?? '',
      '-name',
      '*HIGH-baseline-resolved-profile_catalog.xml',
    ])
    const catalogue = await readFile(stdout.trim(), 'utf8')
    const framework = frameworks.find(({ id }) => id === 'nist-800-53-r5')
    const titled = framework?.controls.filter(({ title }) => title !== undefined) ?? []
    expect(titled.length).toBeGreaterThan(15)
    for (const { id, title } of titled) {
      const token = id.toLowerCase().replace(/\((\d+)\)/, '.$1')
      const [, stated] =
        new RegExp(`<control [^>]*id="${token}"[^>]*>\\s*<title>([^<]*)</title>`).exec(catalogue) ?? []
      expect([id, stated]).toEqual([id, title])
    }
  })
})
