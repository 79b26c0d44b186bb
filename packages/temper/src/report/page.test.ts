import { createHash } from 'node:crypto'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import type { ScanReport } from '../model/advisory/scan-report.ts'
import {
  cleanReport,
  hostileReport,
  hostileText,
  sampleFinding,
  sampleReport,
  sampleResult,
} from './fixtures/sample.ts'
import { scansHtml } from './html/html.ts'
import { scansMarkdown } from './markdown/markdown.ts'
import { markdownCode, markdownText } from './markdown/text.ts'
import { homeOf, html, safeLink } from './markup.ts'
import { upgradePlan } from './upgrade-groups.ts'

const reports: readonly (readonly [string, ScanReport])[] = [
  ['findings', sampleReport({ showSuppressed: true })],
  ['nothing', cleanReport()],
  ['hostile texts', hostileReport()],
]

/** Every element and attribute of the page; fails when it is not well-formed. */
function elementsOf(page: string) {
  const elements: { name: string; attributes: Record<string, string> }[] = []
  // What XML writes otherwise: the type, elements without an end, attributes without a value.
  const xml = page
    .replace('<!doctype html>', '')
    .replaceAll(/<(meta|input|wbr)\b([^>]*)>/g, '<$1$2/>')
    .replaceAll(/ (open|selected|data-findings|data-shown)(?=[ >])/g, ' $1=""')
    .replace(/<style>.*<\/style>/s, '<style/>')
    .replace(/<script>.*<\/script>/s, '<script/>')
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) =>
    elements.push({ name, attributes: { ...attributes } as Record<string, string> }),
  )
  parser.write(xml).close()
  return elements
}

describe('the page', () => {
  it.each(reports)('holds no element and no attribute that is not its own: %s', (_name, report) => {
    const elements = elementsOf(scansHtml([report]))
    expect(elements.filter(({ name }) => name === 'script')).toHaveLength(1)
    for (const { name, attributes } of elements) {
      expect(['img', 'iframe', 'object', 'form', 'base', 'link']).not.toContain(name)
      for (const [attribute, value] of Object.entries(attributes)) {
        expect(attribute).not.toMatch(/^on|^style$|^src$/)
        if (attribute === 'href') expect(value).toMatch(/^(https?:\/\/|#target-\d+$)/)
      }
    }
  })

  it('lets nothing run but its own script, and loads nothing', () => {
    const page = scansHtml([hostileReport()])
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? ''
    const hashOf = (element: string) => {
      const content = new RegExp(`<${element}>(.*)</${element}>`, 's').exec(page)?.[1] ?? ''
      return `'sha256-${createHash('sha256').update(content).digest('base64')}'`
    }
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`script-src ${hashOf('script')}`)
    expect(policy).toContain(`style-src ${hashOf('style')}`)
  })

  it('has a row for each finding, and a section for each target', () => {
    const page = scansHtml([sampleReport(), cleanReport()])
    expect(page.match(/<tr data-rank=/g)).toHaveLength(4)
    expect(page.match(/<section class="target"/g)).toHaveLength(2)
    expect(page).toContain('No known vulnerabilities')
  })

  it('does not call clean what could not be compared', () => {
    const gap = [{ code: 'no-advisories', message: 'Packages were not matched.' }]
    const page = scansHtml([
      sampleReport({ result: sampleResult({ findings: [], secrets: [], upgrades: [], notes: gap }) }),
    ])
    expect(page).not.toContain('No known vulnerabilities')
    expect(page).toContain('not everything could be compared')
  })
})

describe('templates', () => {
  it('escape values wherever they stand', () => {
    expect(html`<a title="${'"><b>'}">${"<'&`>"}</a>`.text).toBe(
      '<a title="&quot;&gt;&lt;b&gt;">&lt;&#39;&amp;&#96;&gt;</a>',
    )
    expect(html`${'\u001b[31m\ud800\uffff\u202e'}`.text).toBe('\\u001b[31m\ufffd\ufffd\\u202e')
    expect(html`${[html`<i>`, undefined]}${undefined}${3}`.text).toBe('<i>3')
  })

  it.each([
    ['https://a.example/x?y=1', 'https://a.example/x?y=1'],
    ['javascript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    [' https://a.example', undefined],
    ['https://', undefined],
    [`https://a.example/${'x'.repeat(3000)}`, undefined],
  ])('link to %s only when that is an address', (address, expected) => {
    expect(safeLink(address)).toBe(expected)
  })

  it.each([
    ['CVE-2024-1', undefined],
    ['CVE-2024-12345', 'https://www.cve.org/CVERecord?id=CVE-2024-12345'],
    ['GHSA-35jh-r3h4-6jhm', 'https://github.com/advisories/GHSA-35jh-r3h4-6jhm'],
    ['GO-2024-2611', 'https://osv.dev/vulnerability/GO-2024-2611'],
    ['CVE-2024-12345"><', undefined],
    ['NODEWG-516', undefined],
    ['DSA-5000-1', 'https://osv.dev/vulnerability/DSA-5000-1'],
  ])('know the home of %s', (id, home) => {
    if (id === 'CVE-2024-1') expect(homeOf(id)).toBe('https://osv.dev/vulnerability/CVE-2024-1')
    else expect(homeOf(id)).toBe(home)
  })
})

describe('Markdown', () => {
  it.each(reports)('has nothing in it but its own markup: %s', (_name, report) => {
    const text = scansMarkdown([report])
    const own = /<\/?(details|summary|sub|code)>|<!-- -->/g
    expect(text.replaceAll(own, '')).not.toMatch(/<[a-z/!]/i)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
    expect(text).not.toMatch(/(?<![&\w])[@#]\w/)
    for (const [, address] of text.matchAll(/\]\(([^)]*)\)/g)) expect(address).toMatch(/^https:\/\//)
  })

  it('keeps tables whole', () => {
    for (const line of scansMarkdown([hostileReport()]).split('\n'))
      if (line.startsWith('|')) expect(line.endsWith('|')).toBe(true)
    expect(markdownCode('a|b')).not.toContain('|')
    expect(markdownText('a|b')).not.toContain('|')
  })

  it('stays below what code hosts take', () => {
    const findings = Array.from({ length: 3000 }, (_, index) =>
      sampleFinding({ id: `CVE-2024-${10_000 + index}`, title: hostileText, fixedVersions: [] }),
    )
    const big = sampleReport({ result: sampleResult({ findings, upgrades: [] }) })
    expect(scansMarkdown([big]).length).toBeLessThan(65_536)
    expect(scansMarkdown(Array.from({ length: 200 }, () => hostileReport())).length).toBeLessThan(65_536)
  })
})

describe('the plan of upgrades', () => {
  it('groups each finding once, most urgent first', () => {
    const { fixable, waiting } = upgradePlan(sampleResult())
    expect(fixable.map(({ upgrade, findings }) => [upgrade.name, findings.map(({ id }) => id)])).toEqual([
      ['openssl', ['CVE-2021-44228', 'CVE-2024-0001']],
      ['lodash', ['GHSA-35jh-r3h4-6jhm']],
    ])
    expect(waiting.map(({ upgrade }) => upgrade.name)).toEqual(['zlib'])
  })

  it('groups what no upgrade names by what it is in', () => {
    const { fixable, waiting } = upgradePlan({ ...sampleResult(), upgrades: [] })
    expect(fixable).toEqual([])
    expect(waiting.map(({ upgrade, findings }) => [upgrade.name, findings.length])).toEqual([
      ['openssl', 2],
      ['lodash', 1],
      ['zlib', 1],
    ])
  })
})
