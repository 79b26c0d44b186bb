import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../base/digest.ts'
import type { AssessedFinding, Assessment } from '../../../model/assess/assessment.ts'
import { sourceLineText } from '../../../model/assess/source-line.ts'
import type { Lock } from '../../../model/lock.ts'
import type { ImageSubject } from '../../../rules/image/subject.ts'
import { withSourceLines } from './find-lines.ts'
import type { BuildSource } from './source.ts'

const recipe = `contents:
  packages:
    - nginx
    - curl
paths:
  - {path: /etc/app.conf, type: file, content: x}
  - {path: /srv, type: directory}
environment:
  MODE: fast
hardening:
  allow:
    - {rule: shell, why: needed by hooks}
`

function finding(rule: string, more: Partial<AssessedFinding> = {}): AssessedFinding {
  return { rule, level: 'error', subject: 's', found: 'f', remedy: 'r', ...more } as AssessedFinding
}

/** The lines that are told, by the rule of each finding, and what was warned of. */
function told(
  source: BuildSource,
  findings: readonly AssessedFinding[],
  subject: Partial<ImageSubject> = {},
) {
  const warnings: string[] = []
  const context = { progress: { warn: (text: string) => warnings.push(text) } } as never
  const rules = [...new Set(findings.map(({ rule }) => rule))]
  const assessment = {
    findings,
    next: rules.map((rule) => ({ rule, text: 'mend it' })),
  } as unknown as Assessment
  const located = withSourceLines(assessment, source, {
    subject: { layers: [], ...subject } as ImageSubject,
    context,
  })
  return {
    lines: located.findings.map(({ source: line }) => line && sourceLineText(line)),
    steps: located.next.map(({ sources }) => sources?.map(sourceLineText)),
    warnings,
  }
}

const inRecipe = (text: string, lock?: Partial<Lock>): BuildSource => ({
  kind: 'recipe',
  text,
  options: { file: 'recipe.yaml' },
  ...(lock === undefined ? {} : { lock: lock as Lock }),
})

function lockOf(wanted: Readonly<Record<string, string>>, platform = 'linux/amd64'): Partial<Lock> {
  const packages = Object.entries(wanted).map(([name, wantedBy]) => ({ name, wantedBy }))
  return { platforms: [{ platform, packages }] } as unknown as Lock
}

describe('lines of a recipe', () => {
  it.each<[string, Partial<AssessedFinding>, RegExp | undefined]>([
    ['a package that it names', { package: 'curl' }, /^recipe\.yaml:4/],
    ['a package that another one brings', { package: 'libssl3' }, /^recipe\.yaml:3.*libssl3/],
    ['a package that nobody knows', { package: 'unknown' }, undefined],
    ['a file that it makes', { path: '/etc/app.conf' }, /^recipe\.yaml:6/],
    [
      'a file of a package below a folder that it makes',
      { path: '/srv/x', package: 'curl' },
      /^recipe\.yaml:4/,
    ],
    ['a file of nobody below a folder that it makes', { path: '/srv/x' }, /^recipe\.yaml:7/],
    ['a setting', { setting: { setting: 'environment', name: 'MODE' } }, /^recipe\.yaml:9/],
    ['nothing that it says', { path: '/opt/elsewhere' }, undefined],
  ])('are told of %s', (_, about, expected) => {
    const lock = lockOf({
      nginx: 'recipe',
      libnginx: 'nginx',
      libssl3: 'libnginx',
      curl: 'recipe',
      round: 'trip',
      trip: 'round',
    })
    const [line] = told(inRecipe(recipe, lock), [finding('setuid', about)]).lines
    if (expected === undefined) expect(line).toBeUndefined()
    else expect(line).toMatch(expected)
  })

  it('go round in no circle of packages that bring each other, and no further than the lock', () => {
    const lock = lockOf({ a: 'b', b: 'a', c: 'gone' })
    for (const name of ['a', 'b', 'c'])
      expect(told(inRecipe(recipe, lock), [finding('x', { package: name })]).lines).toEqual([undefined])
  })

  it('are those of the lock’s platform, else of its first', () => {
    const lock = {
      platforms: [
        ...(lockOf({ lib: 'nginx', nginx: 'recipe' }, 'linux/arm64').platforms ?? []),
        ...(lockOf({ lib: 'curl', curl: 'recipe' }).platforms ?? []),
      ],
    }
    const on = (platform: string) =>
      told(inRecipe(recipe, lock), [finding('x', { package: 'lib' })], {
        image: { platform, config: {} } as never,
      }).lines[0]
    expect(on('linux/amd64')).toMatch(/^recipe\.yaml:4/)
    expect(on('linux/arm64')).toMatch(/^recipe\.yaml:3/)
    expect(on('linux/s390x')).toMatch(/^recipe\.yaml:3/)
  })

  it('lead to the exception where one let a rule be broken', () => {
    expect(told(inRecipe(recipe), [finding('shell', { path: '/bin/sh', package: 'curl' })]).lines).toEqual([
      expect.stringMatching(/^recipe\.yaml:12/),
    ])
  })

  it('are not known of a recipe that cannot be read, which is said', () => {
    const { lines, steps, warnings } = told(inRecipe('contents: ['), [finding('x', { package: 'curl' })])
    expect([lines, steps]).toEqual([[undefined], [undefined]])
    expect(warnings).toEqual([
      expect.stringMatching(/^recipe\.yaml cannot be read, so its lines are not known: /),
    ])
  })

  it('are told of a step once each, without those of mere notes, and no more than five', () => {
    const many = Array.from({ length: 8 }, (_, i) => `  - {path: /etc/${i}.conf, type: file, content: x}`)
    const text = `contents: {packages: [nginx]}\npaths:\n${many.join('\n')}\n`
    const files = Array.from({ length: 8 }, (_, i) => finding('ownership', { path: `/etc/${i}.conf` }))
    const twice = [...files.slice(0, 1), ...files]
    expect(told(inRecipe(text), twice).steps[0]).toHaveLength(5)
    expect(new Set(told(inRecipe(text), twice).steps[0]).size).toBe(5)
    const notes = files.map((each) => ({ ...each, level: 'note' as const }))
    const { lines, steps } = told(inRecipe(text), notes)
    expect(lines[0]).toMatch(/^recipe\.yaml:3/)
    expect(steps).toEqual([undefined])
  })
})

describe('lines of a Dockerfile', () => {
  const text = 'FROM debian:13\nENV MODE=fast\nCOPY . /srv/\nUSER 65532\n'
  const [base, own] = [sha256('base'), sha256('own')]
  const history = [
    { created_by: '# debian.sh' },
    { created_by: 'ENV MODE=fast', empty_layer: true },
    { created_by: 'COPY . /srv/ # buildkit' },
    { created_by: 'USER 65532', empty_layer: true },
  ]
  const subject = {
    image: { platform: 'linux/amd64', config: { history } },
    layers: [{ diffId: base }, { diffId: own }],
  } as unknown as ImageSubject
  const source = { kind: 'dockerfile', text, file: 'Dockerfile' } as const

  it.each<[string, Partial<AssessedFinding>, RegExp | undefined]>([
    ['the layer that brought it', { layer: own }, /^Dockerfile:3: COPY/],
    ['the layer of the base', { layer: base }, /^Dockerfile:1: FROM/],
    ['a setting', { setting: { setting: 'environment', name: 'MODE' } }, /^Dockerfile:2: ENV/],
    ['a layer of another image', { layer: sha256('other') }, undefined],
    ['nothing', {}, undefined],
  ])('are told by %s', (_, about, expected) => {
    const { lines, warnings } = told(source, [finding('x', about)], subject)
    expect(warnings).toEqual([])
    if (expected === undefined) expect(lines).toEqual([undefined])
    else expect(lines[0]).toMatch(expected)
  })

  it('are doubted where nothing of the file is in the image', () => {
    const { warnings } = told({ ...source, text: 'FROM x\nRUN make other\n' }, [], subject)
    expect(warnings).toEqual([expect.stringMatching(/was the image built from another file\?$/)])
  })
})
