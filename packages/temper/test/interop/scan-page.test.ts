import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cleanReport, hostileReport, hostileText, sampleReport } from '../../src/report/fixtures/sample.ts'
import { scansHtml } from '../../src/report/html/html.ts'
import { tryChromium } from '../support/chromium.ts'

/* The page of a scan in a real browser. */

const browser = await tryChromium()
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-page-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function page(name: string, html: string): Promise<string> {
  const path = join(folder, `${name}.html`)
  await writeFile(path, html)
  return pathToFileURL(path).href
}

/** For scripts of tests, which are not the page's own. */
function withoutPolicy(html: string): string {
  return html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
}

describe.skipIf(browser === undefined)('the page in a browser', () => {
  it('runs its own script', async () => {
    const dom = await browser?.dom(await page('findings', scansHtml([sampleReport()])))
    expect(dom).toContain('<html lang="en" class="scripted">')
    expect(dom?.match(/<tr data-rank=/g)).toHaveLength(4)
  })

  it.each([
    [
      'sorts by a column',
      "document.querySelectorAll('th button')[2].click()",
      ['CVE-2021-44228', 'CVE-2024-0001', 'GHSA-35jh-r3h4-6jhm', 'CVE-2023-9999'],
    ],
    [
      'sorts by it the other way',
      "const b=document.querySelectorAll('th button')[1];b.click();b.click()",
      ['CVE-2023-9999', 'GHSA-35jh-r3h4-6jhm', 'CVE-2024-0001', 'CVE-2021-44228'],
    ],
    ['filters by words', "set('input[type=search]','LODASH injection')", ['GHSA-35jh-r3h4-6jhm']],
    ['filters by severity', "set('select','1')", ['CVE-2021-44228', 'CVE-2024-0001']],
    ['filters by what is exploited', "document.querySelector('[name=kev]').click()", ['CVE-2021-44228']],
  ])('%s', async (name, act, expected) => {
    const set =
      "const set=(s,v)=>{const e=document.querySelector(s);e.value=v;e.dispatchEvent(new Event('input'))}"
    const told =
      "document.title=[...document.querySelectorAll('[data-findings] tbody tr')].filter(r=>!r.hidden).map(r=>r.cells[0].querySelector('.mono').textContent).join(' ')"
    const html = withoutPolicy(scansHtml([sampleReport()])).replace(
      '</body>',
      `<script>{${set};${act};${told}}</script></body>`,
    )
    const dom = await browser?.dom(await page(name.replaceAll(' ', '-'), html))
    expect(/<title>([^<]*)</.exec(dom ?? '')?.[1]?.split(' ')).toEqual(expected)
  })

  it('runs nothing that comes from outside, and shows it as text', async () => {
    const html = scansHtml([hostileReport()])
    const dom = await browser?.dom(await page('hostile', html))
    expect(dom).toContain('class="scripted"')
    expect(dom?.match(/<script/g)).toHaveLength(1)
    expect(dom).not.toContain('<img')
    expect(dom).not.toMatch(/href="javascript/i)
    expect(dom).toContain(hostileText.slice(0, 30).replaceAll('<', '&lt;').replaceAll('>', '&gt;'))
  })

  it('lets no script run that somebody slips in', async () => {
    const own = '<script>document.documentElement.dataset.own = "ran"</script>'
    const html = scansHtml([cleanReport()]).replace(
      '</main>',
      `${own}<img src="x" onerror="document.title='ran'"></main>`,
    )
    const dom = await browser?.dom(await page('injected', html))
    expect(dom).toContain('class="scripted"')
    expect(dom).not.toContain('data-own')
    expect(dom).not.toContain('<title>ran')
  })

  // A window is never narrower than 500 pixels; a frame is.
  it.each([320, 480, 768, 1024])('has nothing wider than itself in %d pixels', async (width) => {
    const inner = withoutPolicy(scansHtml([sampleReport({ showSuppressed: true }), hostileReport()]))
    const source = inner.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
    const probe =
      "const f=document.querySelector('iframe');f.onload=()=>{document.title=f.contentDocument.documentElement.scrollWidth+' of '+f.clientWidth}"
    const html = `<!doctype html><meta charset="utf-8"><iframe width="${width}" height="900" style="border:0" srcdoc="${source}"></iframe><script>${probe}</script>`
    const dom = (await browser?.dom(await page(`frame-${width}`, html))) ?? ''
    const [, content, outer] = /<title>(\d+) of (\d+)/.exec(dom) ?? []
    expect(Number(outer)).toBe(width)
    expect(Number(content)).toBeLessThanOrEqual(width)
  })

  it.each([
    ['wide', 1280],
    ['narrow', 500],
  ])('draws at %s width without running over', async (name, width) => {
    const probe = `<script>addEventListener('load',()=>{document.title=document.documentElement.scrollWidth+' of '+innerWidth})</script>`
    const html = withoutPolicy(scansHtml([sampleReport({ showSuppressed: true }), hostileReport()])).replace(
      '</main>',
      `</main>${probe}`,
    )
    const address = await page(name, html)
    const image = await browser?.screenshot(address, { width, height: 900 })
    expect(
      Buffer.from(image ?? [])
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
    const [, inner, outer] =
      /<title>(\d+) of (\d+)/.exec((await browser?.dom(address, { width })) ?? '') ?? []
    expect(Number(inner)).toBeLessThanOrEqual(Number(outer))
  })
})
