import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import { cleanUp } from '../../distro/debian/fixtures/mirror.ts'
import { build } from '../build/build.ts'
import { archiveContext, writeRecipe } from '../fixtures/sample-archive.ts'
import { loadTarget } from './recipe-target.ts'
import { resolve } from './resolve.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-folders-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))
afterAll(cleanUp)

/** A signed archive as files in a folder, and a context without a network. */
async function archiveFolder(name: string, debs = [{ name: 'web', files: { '/usr/share/web/page': 'hi' } }]) {
  const { context, mirror } = await archiveContext(folder, debs)
  for (const [path, bytes] of mirror.files) {
    const target = join(folder, name, path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, bytes)
  }
  const fetch = () => Promise.reject(new Error('there is no network'))
  return { ...context, fetch, mirrors: {} }
}

it('builds from a mirror that is a folder, named in the configuration', async () => {
  const context = await archiveFolder('mirror')
  const target = await writeRecipe(folder, { name: 'web', packages: ['web'] })
  const mirrors = [join(folder, 'mirror')]
  const { platforms } = await build(
    { target },
    { ...context, mirrors: { debian: mirrors, 'debian-security': mirrors } },
  )
  expect(platforms).toMatchObject([{ packages: 1 }])
})

it('builds from folders beside the recipe, whose addresses in the lock fit every machine', async () => {
  const context = await archiveFolder('own mirror')
  const more = ['debian', 'debian-security']
    .map((name) => `    - { name: ${name}, address: "./own mirror", suite: trixie }\n`)
    .join('')
  const target = await writeRecipe(folder, {
    name: 'web',
    packages: ['web'],
    more: `  repositories:\n${more}`,
  })
  const lock = await resolve(await loadTarget({ target }, context), context)
  expect(new Set(lock.suites.map(({ address }) => address))).toEqual(new Set(['file://recipe/own%20mirror']))
  expect((await build({ target }, context)).platforms).toMatchObject([{ packages: 1 }])
})

it('trusts a folder no more than a server', async () => {
  const context = await archiveFolder('mirror')
  await writeFile(join(folder, 'mirror/dists/trixie/InRelease'), 'Origin: nobody\n')
  const target = await writeRecipe(folder, { name: 'web', packages: ['web'] })
  const mirrors = { debian: [join(folder, 'mirror')], 'debian-security': [join(folder, 'mirror')] }
  await expect(build({ target }, { ...context, mirrors })).rejects.toMatchObject({
    code: 'signature-invalid',
  })
})
