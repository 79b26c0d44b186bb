import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import { printableLine } from '../../base/printable.ts'
import type { Context } from '../context.ts'

const run = promisify(execFile)

/** Milliseconds that printing may take; a page of a few hundred controls takes two seconds. */
const timeout = 120_000

/**
 * Has Chromium print one of our pages, which loads nothing from elsewhere and has no script. Throws `tool-missing`
 * where there is none, `tool-failed`, `interrupted`.
 */
export async function printPdf(
  html: Uint8Array,
  { browser, temporaryDir, signal }: Pick<Context, 'browser' | 'temporaryDir' | 'signal'>,
): Promise<Uint8Array> {
  if (browser === undefined)
    throw new TemperError('tool-missing', 'Cannot write the report as PDF: Chromium is not installed', {
      hint: 'Install chromium, or print report.html from any browser: its layout is made for paper too.',
    })
  const folder = await mkdtemp(join(temporaryDir, 'temper-pdf-')).catch((error: unknown) => {
    throw fileError('write', temporaryDir, error)
  })
  const [page, pdf] = [join(folder, 'report.html'), join(folder, 'report.pdf')]
  try {
    await writeFile(page, html)
    const args = [
      ...['--headless', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
      ...['--disable-background-networking', '--host-resolver-rules=MAP * ~NOTFOUND'],
      // Chromium's own sandbox does not start for root, in containers above all.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--user-data-dir=${join(folder, 'profile')}`,
      ...['--no-pdf-header-footer', `--print-to-pdf=${pdf}`, pathToFileURL(page).href],
    ]
    await run(browser, args, {
      timeout,
      signal,
      killSignal: 'SIGKILL',
      maxBuffer: 16 << 20,
      env: { HOME: folder, PATH: '/usr/bin:/bin' },
    })
    return await readFile(pdf)
  } catch (error) {
    if (signal.aborted) throw new TemperError('interrupted', 'Stopped while the report was being printed')
    const said =
      String((error as { readonly stderr?: unknown }).stderr ?? '')
        .trim()
        .split('\n')
        .at(-1) ?? ''
    throw new TemperError(
      'tool-failed',
      `${browser} did not print the report${said === '' ? '' : `: ${printableLine(said, { most: 300 })}`}`,
      {
        hint: 'Print report.html from any browser: its layout is made for paper too.',
        cause: error,
      },
    )
  } finally {
    // Helpers of the browser may write for a moment longer.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  }
}
