import { describe, expect, it } from 'vitest'
import { buildElf } from '../../formats/elf/fixtures/fixture-elf.ts'
import { type SampleEntry, sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { sampleFinding, sampleResult } from '../../policy/gate/fixtures/sample.ts'
import { file, folder, link, program } from '../../rules/image/fixtures/example.ts'
import { assessedLayers, measure } from './measure.ts'
import { readImageFacts, subjectOf } from './read-subject.ts'

const now = new Date('2026-06-01T00:00:00Z')
async function subject(...layers: readonly (readonly SampleEntry[])[]) {
  return subjectOf(await readImageFacts(sampleImage(layers), {}, {}), { now, name: 'x' })
}

describe('the measures of an image', () => {
  it('count what is there in the end', async () => {
    const measured = measure(
      await subject(
        [
          folder('bin'),
          program('bin/a', buildElf({})),
          file('bin/gone', 'x'.repeat(100)),
          link('bin/b', 'a'),
        ],
        [file('bin/.wh.gone', ''), file('etc/text', 'four')],
      ),
    )
    expect(measured).toMatchObject({
      layers: 2,
      files: 2,
      executables: 1,
      setuid: 0,
      packages: 0,
      unpacked: buildElf({}).length + 4,
    })
  })

  it.each<[string, SampleEntry, number, number]>([
    ['a program without the right to be run', file('a', buildElf({})), 1, 0],
    ['a script', program('a', '#!/bin/sh\n'), 1, 0],
    ['a script that nobody may start', file('a', '#!/bin/sh\n', { mode: 0o644 }), 0, 0],
    ['a script that only its group may start', file('a', '#!/bin/sh\n', { mode: 0o610 }), 1, 0],
    ['text that may be run', program('a', 'hello'), 0, 0],
    ['setuid', file('a', 'x', { mode: 0o4755 }), 0, 1],
    ['setgid', file('a', 'x', { mode: 0o2755 }), 0, 1],
    ['both', file('a', 'x', { mode: 0o6755 }), 0, 1],
    ['sticky', file('a', 'x', { mode: 0o1755 }), 0, 0],
    ['a folder that gives its group', folder('a', { mode: 0o2775 }), 0, 0],
    ['a capability', { ...file('a', 'x'), xattrs: { 'security.capability': 'AQAAAg==' } }, 0, 1],
  ])('of %s are %s executables and %s that raise rights', async (_, entry, executables, setuid) => {
    expect(measure(await subject([entry]))).toMatchObject({ executables, setuid })
  })

  it('say nothing of vulnerabilities where nothing was compared, and zero where nothing was found', async () => {
    const plain = await subject([file('a')])
    expect(measure(plain)).not.toHaveProperty('vulnerabilities')
    expect(measure({ ...plain, scan: sampleResult({ findings: [] }) }).vulnerabilities).toBe(0)
    const two = [sampleFinding(), sampleFinding({ id: 'CVE-2026-2' })]
    expect(measure({ ...plain, scan: sampleResult({ findings: two }) }).vulnerabilities).toBe(2)
  })
})

describe('the layers of an image', () => {
  it('tell what of them nobody sees any more', async () => {
    const [lower, upper] = assessedLayers(
      await subject(
        [file('a', 'x'.repeat(10)), file('b', 'y'.repeat(5))],
        [file('.wh.a', ''), file('b', 'z')],
      ),
    )
    expect(lower).toMatchObject({ hidden: 15 })
    expect(upper).toMatchObject({ hidden: 0 })
    expect(lower?.diffId).toMatch(/^sha256:/)
    expect(lower).not.toHaveProperty('createdBy')
  })
})
