import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tryChromium } from '../../../temper/test/support/chromium.ts'
import { startWithProvider } from '../provider.ts'
import { withPage } from './driven-browser.ts'

/* People sign in with a real browser, at a real provider. */

const browser = await tryChromium()

describe.skipIf(browser === undefined)('signing in with chromium', () => {
  it('leads to the page, and signing out leads away from it', async () => {
    const { service, issuer } = await startWithProvider()
    await withPage(join(browser?.folder ?? '', 'chromium'), async (page) => {
      await page.go(`${service.url}/`)
      await page.until(`location.origin === ${JSON.stringify(issuer)} && document.forms.length > 0`)
      await page.value(`document.querySelector('[name=login]').value = 'ada'`)
      await page.value(`document.querySelector('[name=password]').value = 'any'`)
      await page.value(`document.querySelector('[type=submit]').click()`)
      await page.until(`document.querySelector('[name=prompt]')?.value === 'consent'`)
      await page.value(`document.querySelector('[type=submit]').click()`)
      await page.until(`location.href === ${JSON.stringify(`${service.url}/`)}`)
      expect(await page.value<string>('document.body.innerText')).toContain('/ada')
      // The session is there, and no script reads it.
      expect(await page.cookies()).toContain('temper-session')
      expect(await page.value<string>('document.cookie')).not.toContain('temper-session')
      // What is styled is styled by the page itself, and its policy lets it.
      expect(await page.value<string>('getComputedStyle(document.querySelector("header")).display')).toBe(
        'flex',
      )
      const kept = process.env['TEMPER_TEST_SHOTS']
      if (kept !== undefined) {
        await mkdir(kept, { recursive: true })
        await writeFile(join(kept, 'signed-in.png'), await page.screenshot())
      }
      await page.value(`document.querySelector('form[action="/sign-out"] button').click()`)
      await page.until(`document.body.innerText.includes('You are signed out')`)
      if (kept !== undefined) await writeFile(join(kept, 'signed-out.png'), await page.screenshot())
      expect(await page.cookies()).not.toContain('temper-session')
    })
  }, 180_000)
})
