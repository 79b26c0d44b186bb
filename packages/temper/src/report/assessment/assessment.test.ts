import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { tiers } from '../../model/assess/assessment.ts'
import { assessmentBadge } from './badge.ts'
import { comparedAssessment, sampleAssessment } from './fixtures/sample.ts'
import { assessmentHtml } from './html.ts'
import { assessmentJson } from './json.ts'
import { assessmentMarkdown } from './markdown.ts'
import type { ImageRuleText } from './rule-text.ts'
import { assessmentSarif } from './sarif.ts'

const rules: readonly ImageRuleText[] = ['root-user', 'shell', 'package-manager'].map((id) => ({
  id,
  title: 'No shell',
  why: 'Because.',
  fix: 'leave it out',
  level: 'error',
  aspect: 'contents',
  tier: 'minimal',
  controls: [{ framework: 'nist-800-53-r5', id: 'CM-7' }],
}))

/** The official schema, draft 4 as draft 7 reads it; one pattern of it is not valid in unicode mode. */
function isSarif(document: object): readonly unknown[] {
  const path = join(import.meta.dirname, '../fixtures/sarif-2.1.0-rtm.5.json')
  const { id: _id, $schema: _draft, ...schema } = JSON.parse(readFileSync(path, 'utf8'))
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
  addFormats.default(ajv)
  const check = ajv.compile(schema)
  check(document)
  return check.errors ?? []
}

/** What a reader sees of a document that is XML but for its first line. */
function textOf(markup: string): string {
  const xml = markup.replace('<!doctype html>', '').replaceAll(/<meta\b([^>]*)>/g, '<meta$1/>')
  const texts: string[] = []
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('text', (text) => texts.push(text))
  parser.write(xml).close()
  return texts.join(' ')
}

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } }
  readonly results: readonly Result[]
  readonly invocations: readonly {
    readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[]
  }[]
}

interface Result {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: string
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } }
  }[]
}

describe('SARIF', () => {
  const run = () =>
    (assessmentSarif(sampleAssessment(), rules) as unknown as { readonly runs: readonly Run[] }).runs[0]

  it('fits the official schema', () => {
    const empty = sampleAssessment({ findings: [], unjudged: [] })
    for (const assessment of [sampleAssessment(), comparedAssessment(), empty])
      expect(isSarif(assessmentSarif(assessment, rules))).toEqual([])
  })

  it('has a result for each finding, each with its rule, place and layer', () => {
    expect(run()?.tool.driver.rules.map(({ id }) => id)).toEqual(rules.map(({ id }) => id))
    expect(run()?.results.map(({ ruleId, ruleIndex, level }) => [ruleId, ruleIndex, level])).toEqual([
      ['package-manager', 2, 'error'],
      ['package-manager', 2, 'error'],
      ['shell', 1, 'error'],
      ['root-user', 0, 'warning'],
    ])
    const uris = run()?.results.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri)
    expect(uris).toEqual(['usr/bin/apt', 'usr/bin/dpkg', 'bin/%5Bsh%5D%3Cb%3E%7C%60x%60', '.'])
  })

  it('says what was not checked', () => {
    const [first] = run()?.invocations[0]?.toolExecutionNotifications ?? []
    expect(first?.message.text).toContain('no-critical')
  })
})

describe('the page', () => {
  it('is well-formed, loads nothing, runs nothing, and lets nothing from outside become markup', () => {
    for (const assessment of [sampleAssessment(), comparedAssessment()]) {
      const page = assessmentHtml(assessment)
      expect(textOf(page)).toContain('/bin/[sh]<b>|`x`')
      expect(page).not.toMatch(/<script|<img|<link|\bsrc=|\burl\(|https?:\/\/(?!.*w3)/)
    }
  })

  it('says in words what its pictures show', () => {
    const labels = [...assessmentHtml(comparedAssessment()).matchAll(/role="img" aria-label="([^"]*)"/g)].map(
      ([, label]) => label,
    )
    expect(labels[0]).toContain('Contents and footprint regular; Attack surface minimal')
    expect(labels[1]).toBe('Size by layer, unpacked: layer 1 110 MB; layer 2 10.0 MB')
    expect(labels[2]).toContain('size (transferred) 45.0 MB and 10.0 MB')
    expect(labels[2]).not.toContain('vulnerabilities')
  })
})

describe('Markdown', () => {
  it('has the tier, what to do, the aspects, and no markup from outside', () => {
    const text = assessmentMarkdown(comparedAssessment())
    expect(text).toContain('### `registry.example/team/web:1` is **regular**')
    expect(text).toContain('1. /usr/bin/apt and 1 more&#58; leave it out (`package-manager`)')
    expect(text).toContain('| Vulnerabilities | minimal | not checked&#58; no advisories were compared |')
    expect(text).toContain('| size (transferred) | 45.0 MB | 10.0 MB |')
    expect(text).not.toContain('<b>')
  })
})

describe('the badge', () => {
  it.each(tiers)('is a picture that says %s', (tier) => {
    const svg = assessmentBadge({ tier })
    expect(textOf(svg)).toContain(tier)
    expect(svg).toContain(`aria-label="temper: ${tier}"`)
  })
})

describe('JSON', () => {
  it('has what outside checks read', () => {
    const json = assessmentJson(comparedAssessment())
    expect(json).toMatchObject({
      tier: 'regular',
      aspects: expect.arrayContaining([expect.objectContaining({ id: 'contents', tier: 'regular' })]),
      next: [{ rule: 'package-manager', todo: '/usr/bin/apt and 1 more: leave it out' }],
      against: { target: 'other', tier: 'hardened' },
    })
    const findings = json['findings'] as readonly object[]
    expect(findings.map((each) => Object.keys(each).slice(0, 7))[0]).toEqual([
      'rule',
      'level',
      'subject',
      'path',
      'layer',
      'found',
      'remedy',
    ])
    expect(findings.at(-1)).toMatchObject({ path: null, layer: null })
  })
})
