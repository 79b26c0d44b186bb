import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../src/base/digest.ts'
import { writeLayout } from '../../src/flows/assess/fixtures/sample-layout.ts'
import { plainFiles, plainSettings } from '../../src/rules/image/fixtures/plain-image.ts'
import { tryChromium } from '../support/chromium.ts'
import { temper, temperJson } from '../support/temper-cli.ts'

/* Reports of assessments and of compliance in a real browser, on screens and on paper. */

const browser = await tryChromium()
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-comply-page-'))
  await writeLayout(join(folder, 'image'), [plainFiles], { ...plainSettings, User: '' })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.skipIf(browser === undefined)('in a browser', () => {
  it('the pack has the report as PDF, listed in its manifest', async () => {
    const out = join(folder, 'pack')
    const args = ['comply', `oci:${join(folder, 'image')}`, '--framework', 'cis-docker', '-o', out, '--pdf']
    const path = [process.env.PATH, browser?.folder].join(':')
    const { code, stderr } = await temper(args, { env: { PATH: path } })
    expect({ code, stderr }).toMatchObject({ code: 1 })
    const pdf = await readFile(join(out, 'report.pdf'))
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    expect(pdf.toString('latin1')).toMatch(/\/Type ?\/Page\b/)
    const { files } = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as {
      files: readonly { name: string; digest: string }[]
    }
    expect(files.find(({ name }) => name === 'report.pdf')?.digest).toBe(sha256(pdf))
  }, 120_000)

  it('without a browser nothing is written, and it says why', async () => {
    const out = join(folder, 'none')
    const args = ['comply', `oci:${join(folder, 'image')}`, '--framework', 'cis-docker', '-o', out, '--pdf']
    const { code, stderr } = await temper(args, { env: { PATH: '/nonexistent' } })
    expect(code).toBe(3)
    expect(stderr).toContain('Chromium is not installed')
    await expect(stat(out)).rejects.toThrow()
  })

  it.each([1280, 390])('the page of an assessment fits a screen that is %i wide', async (width) => {
    const page = join(folder, 'assess.html')
    await temperJson(['assess', `oci:${join(folder, 'image')}`, '-o', page])
    const html = (await readFile(page, 'utf8')).replace(
      /<meta http-equiv="Content-Security-Policy"[^>]*>/,
      '',
    )
    const { writeFile } = await import('node:fs/promises')
    const told = '<script>document.title=document.documentElement.scrollWidth<=innerWidth</script></body>'
    await writeFile(page, html.replace('</body>', told))
    const dom = await browser?.dom(pathToFileURL(page).href, { width })
    expect(dom).toContain('<title>true</title>')
    expect(dom).toMatch(/<svg[^>]* aria-label="Tier by aspect/)
  })
})
