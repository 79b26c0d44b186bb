import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SampleEntry } from '../../formats/layer/fixtures/sample-image.ts'
import { type Assessment, aspects, reaches, tiers } from '../../model/assess/assessment.ts'
import { predicateTypes } from '../../model/attestation.ts'
import type { ImageConfig } from '../../model/image.ts'
import { file, type KnownOfPlain, program } from '../../rules/image/fixtures/example.ts'
import { plainFiles, plainProgram, plainSettings } from '../../rules/image/fixtures/plain-image.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { assess, assessSubject } from './assess.ts'
import { exampleSubject } from './fixtures/example-subject.ts'
import { writeLayout } from './fixtures/sample-layout.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'temper-assess-'))
})
afterEach(() => rmSync(home, { recursive: true }))

type Settings = NonNullable<ImageConfig['config']>
let written = 0

async function write(layers: readonly (readonly SampleEntry[])[], settings: Settings = plainSettings) {
  const path = `image-${written++}`
  await writeLayout(join(home, path), layers, settings)
  return { kind: 'image', reference: { kind: 'oci', path: join(home, path) } } as const
}

async function assessed(...image: Parameters<typeof write>): Promise<Assessment> {
  return (await assess({ target: await write(...image) }, sampleContext(home))).assessment
}

/** What somebody wrote who had never heard of all this, and what each thing to do changes of it. */
const faults: Readonly<
  Record<string, { readonly files?: readonly SampleEntry[]; readonly settings?: Settings }>
> = {
  'package-manager': { files: [program('usr/bin/apk', plainProgram)] },
  compiler: { files: [file('usr/include/zlib.h')] },
  cache: { files: [file('var/cache/apk/APKINDEX.tar')] },
  shell: { files: [program('usr/bin/bash', plainProgram)] },
  setuid: { files: [file('usr/bin/app-helper', plainProgram, { mode: 0o4755 })] },
  'root-user': { settings: { User: '' } },
  'preloaded-library': { settings: { Env: ['LD_PRELOAD=/usr/lib/x.so'] } },
}

function imageWith(rules: Iterable<string>): Parameters<typeof write> {
  const present = [...rules].flatMap((rule) => faults[rule] ?? [])
  const settings = Object.assign({}, plainSettings, ...present.map((fault) => fault.settings ?? {}))
  return [[[...plainFiles, ...present.flatMap(({ files = [] }) => files)]], settings]
}

describe('the way to the next tier', () => {
  /** What nobody knows of the image yet: no advisories were fetched, nobody said how it was built. */
  const unknown = { scan: 'malicious-package', evidence: 'provenance-attached' } as const

  const withoutProvenance = (evidence: KnownOfPlain['evidence']) => ({
    ...evidence,
    attached: evidence.attached.filter(({ type }) => type !== predicateTypes.slsaprovenance1),
    provenance: [],
  })

  async function standing(left: ReadonlySet<string>): Promise<Assessment> {
    const present = [...left].flatMap((rule) => faults[rule] ?? [])
    const known = (plain: KnownOfPlain) => ({
      ...(left.has(unknown.scan) ? { scan: undefined } : {}),
      ...(left.has(unknown.evidence) ? { evidence: withoutProvenance(plain.evidence) } : {}),
    })
    const example = {
      title: 'on the way',
      files: present.flatMap(({ files = [] }) => files),
      settings: Object.assign({}, ...present.map(({ settings = {} }) => settings)),
      known,
    }
    return assessSubject(await exampleSubject(example), '2026-06-01T00:00:00Z')
  }

  it('is the list of things to do: whoever does them in order gets there, up to the last tier', async () => {
    const left = new Set([...Object.keys(faults), ...Object.values(unknown)])
    const reached: string[] = []
    for (let assessment = await standing(left); assessment.next.length > 0; ) {
      reached.push(assessment.tier)
      for (const { rule } of assessment.next) {
        expect((await standing(left)).tier).toBe(assessment.tier)
        left.delete(rule)
      }
      assessment = await standing(left)
    }
    expect(reached).toEqual(['regular', 'minimal', 'hardened'])
    expect([...left]).toEqual([])
    expect((await standing(left)).tier).toBe('secure')
  })
})

describe('an assessment', () => {
  it('says of each finding where it is, in which layer, and what would repair it', async () => {
    const target = await write([plainFiles, [file('srv/run', 'x', { mode: 0o666 })]])
    const { assessment, subject } = await assess({ target }, sampleContext(home))
    expect(assessment.findings.filter(({ rule }) => rule === 'world-writable')).toEqual([
      {
        rule: 'world-writable',
        level: 'error',
        subject: '/srv/run',
        path: '/srv/run',
        layer: subject.layers[1]?.diffId,
        place: { kind: 'path', path: '/srv/run', layer: subject.layers[1]?.diffId },
        found: 'writable by everyone (mode 0666)',
        remedy: 'remove the write permission of others',
        aspect: 'user-and-permissions',
        tier: 'hardened',
      },
    ])
  })

  it('has every aspect, and is in the tier of the lowest', async () => {
    const { tier, aspects: graded } = await assessed(...imageWith(['shell']))
    expect(graded.map(({ id }) => id)).toEqual(aspects)
    expect(graded.find(({ id }) => id === 'attack-surface')?.tier).toBe('minimal')
    expect(graded.every((aspect) => reaches(aspect.tier, tier))).toBe(true)
  })

  it('of a folder tells what could not be checked, and counts none of it as good', async () => {
    const { mkdirSync, writeFileSync } = await import('node:fs')
    mkdirSync(join(home, 'root/etc'), { recursive: true })
    writeFileSync(join(home, 'root/etc/os-release'), 'ID=debian\nVERSION_ID=13\n')
    const target = { kind: 'directory', path: 'root' } as const
    const { assessment } = await assess({ target }, sampleContext(home))
    expect(assessment.target).toMatchObject({ kind: 'directory', distribution: 'debian 13' })
    expect(assessment.unjudged.map(({ rule }) => rule)).toContain('root-user')
    expect(assessment.aspects.find(({ id }) => id === 'user-and-permissions')).toMatchObject({
      tier: 'minimal',
      judged: false,
    })
    expect(reaches(assessment.tier, 'hardened')).toBe(false)
  })

  it('of something without files is refused', async () => {
    const target = { kind: 'sbom', path: 'a.json' } as const
    await expect(assess({ target }, sampleContext(home))).rejects.toMatchObject({ code: 'bad-usage' })
  })

  it('stands beside another image', async () => {
    const target = await write(...imageWith([]))
    const against = await write(...imageWith(['shell', 'setuid']))
    const { assessment } = await assess({ target, against }, sampleContext(home))
    expect(assessment.against).toMatchObject({
      onlyThis: [],
      onlyOther: ['shell', 'setuid'],
      measures: { setuid: 1, layers: 1 },
    })
    expect(assessment.measures.setuid).toBe(0)
    expect(tiers.indexOf(assessment.tier)).toBeGreaterThanOrEqual(
      tiers.indexOf(assessment.against?.tier ?? 'secure'),
    )
  })
})
