import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { printPdf } from './pdf.ts'

let home = ''
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'temper-pdf-test-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

const find = `for each; do case "$each" in --print-to-pdf=*) pdf="\${each#*=}";; --user-data-dir=*) profile="\${each#*=}";; esac; done`

/** Has a program in place of the browser print; what it is told comes as $pdf and $profile, the page last. */
async function printed(name: string, script: string, signal = new AbortController().signal) {
  const browser = join(home, name)
  await writeFile(browser, `#!/bin/sh\n${find}\n${script}\n`, { mode: 0o755 })
  const before = process.env['SECRET_OF_THE_TEST']
  process.env['SECRET_OF_THE_TEST'] = 'kept'
  try {
    return await printPdf(Buffer.from('<p>the page</p>'), { browser, temporaryDir: home, signal })
  } finally {
    if (before === undefined) delete process.env['SECRET_OF_THE_TEST']
    expect((await readdir(home)).filter((each) => each.startsWith('temper-pdf-'))).toEqual([])
  }
}

describe('a report as PDF', () => {
  it('is what the browser makes of the page, told nothing else of the machine', async () => {
    const script = `mkdir "$profile"; { cat "\${each#file://}"; echo; env; printf "%s\\n" "$@"; } > "$pdf"`
    const text = Buffer.from(await printed('good', script)).toString()
    expect(text).toMatch(/^<p>the page<\/p>\n/)
    expect(text).toContain('MAP * ~NOTFOUND')
    expect(text).not.toContain('SECRET_OF_THE_TEST')
  })

  it.each<[string, string, RegExp]>([
    [
      'fails',
      'echo one >&2; printf "two\\033[2J\\n" >&2; exit 3',
      /bad did not print the report: two\S*\[2J$/,
    ],
    ['fails without a word', 'exit 1', /did not print the report$/],
    ['prints nothing', 'exit 0', /did not print the report$/],
    ['is killed', 'kill -9 $$', /did not print the report$/],
    ['says much', `printf '%0999d' 0 >&2; exit 1`, /did not print the report: 0{200,300}\D?$/],
  ])('is told of when the browser %s', async (_, script, message) => {
    const refused = { code: 'tool-failed', message: expect.stringMatching(message) }
    await expect(printed('bad', script)).rejects.toMatchObject(refused)
    await expect(printed('bad', script)).rejects.toMatchObject({
      message: expect.not.stringContaining('\u001b'),
    })
  })

  it('ends with whoever asked for it', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 50)
    await expect(printed('slow', 'exec sleep 30', stop.signal)).rejects.toMatchObject({ code: 'interrupted' })
  })

  it('needs a browser and a place to work', async () => {
    const world = { temporaryDir: join(home, 'missing'), signal: new AbortController().signal }
    await expect(printPdf(Buffer.from(''), world)).rejects.toMatchObject({ code: 'tool-missing' })
    const browser = join(home, 'none')
    await expect(printPdf(Buffer.from(''), { ...world, browser })).rejects.toMatchObject({
      code: 'file-system',
    })
    await expect(printPdf(Buffer.from(''), { ...world, temporaryDir: home, browser })).rejects.toMatchObject({
      code: 'tool-failed',
    })
  })
})
