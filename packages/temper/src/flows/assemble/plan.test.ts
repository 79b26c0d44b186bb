import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cleanUp } from '../../distro/debian/fixtures/mirror.ts'
import { build } from '../build/build.ts'
import { archiveContext, type SampleDeb, writeRecipe } from '../fixtures/sample-archive.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-plan-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))
afterAll(cleanUp)

async function built(deb: SampleDeb, more = '') {
  const { context } = await archiveContext(folder, [deb])
  const target = await writeRecipe(folder, { name: 'web', packages: [deb.name], more })
  return await build({ target }, context)
}

const page = { '/usr/share/web/page': 'hello' }

describe('what is planned', () => {
  it('is built when it is closed and hardened, and the same each time', async () => {
    const deb = { name: 'web', files: page }
    const first = await built(deb)
    expect(first.platforms).toMatchObject([{ platform: 'linux/amd64', packages: 1, relaxations: [] }])
    expect((await built(deb)).digest).toBe(first.digest)
  })

  it('is built without what others depend on, which the result, the labels and a warning say', async () => {
    const web = {
      name: 'web',
      fields: { Depends: 'libz1, perl-base' },
      files: { ...page, '/usr/bin/web': '#!/usr/bin/perl\n' },
    }
    const { context } = await archiveContext(folder, [web, { name: 'perl-base' }, { name: 'libz1' }])
    const warnings: string[] = []
    const progress = { ...context.progress, warn: (text: string) => void warnings.push(text) }
    const target = await writeRecipe(folder, {
      name: 'web',
      packages: ['web'],
      more: '  without: [perl-base]\n',
    })
    const { platforms } = await build({ target }, { ...context, progress })
    const why = 'web depends on perl-base, which contents.without leaves out'
    expect(platforms[0]).toMatchObject({ packages: 2, relaxations: [{ rule: 'dependency', why }] })
    expect(warnings).toEqual([why])
  })

  it('is refused when something that it needs is not there', async () => {
    const deb = { name: 'web', files: { '/usr/bin/web': '#!/usr/bin/absent\n' } }
    await expect(built(deb, 'entrypoint:\n  command: /usr/bin/web\n')).rejects.toMatchObject({
      code: 'not-closed',
      message: expect.stringContaining('/usr/bin/web'),
    })
  })

  it('is refused when it breaks a rule that the recipe does not relax', async () => {
    const paths = 'paths:\n  - {path: /srv/open, type: directory, permissions: 0o777}\n'
    await expect(built({ name: 'web', files: page }, paths)).rejects.toMatchObject({ code: 'not-hardened' })
  })

  it('gives root what a script gives to an account that nobody runs as', async () => {
    const chown = 'adduser --system --group web\nchown web:web /usr/share/web/page\n'
    const deb = { name: 'web', files: page, postinst: `#!/bin/sh\nset -e\n${chown}` }
    const byRoot = await built(deb)
    const entry = '{ type: permissions, path: /usr/share/web/page, uid: 0 }'
    const byRecipe = await built(deb, `paths:\n  - ${entry}\n`)
    const size = (result: typeof byRoot) =>
      result.platforms.map(({ unpackedSize, files }) => [unpackedSize, files])
    expect(size(byRecipe)).toEqual(size(byRoot))
    // The account that the image runs as may not own its files.
    const runAs = 'accounts: { run-as: web }\n'
    await expect(built(deb, runAs)).rejects.toMatchObject({ code: 'not-hardened' })
  })
})
