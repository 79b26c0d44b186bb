import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FileRequest } from '../../model/recipe-parts/file-request.ts'
import { readRecipeFiles } from './file-source.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'installed-source-'))
  for (const folder of [
    'recipe',
    'context/@temper-images/temper/dist',
    'temper/dist/deep',
    'temper/src',
    'server',
  ])
    await mkdir(join(root, folder), { recursive: true })
  await writeFile(join(root, 'recipe/.dockerignore'), '**/*.d.ts\n')
  await writeFile(join(root, 'temper/dist/main.js'), 'program')
  await writeFile(join(root, 'temper/dist/deep/a.js'), 'part')
  await writeFile(join(root, 'temper/dist/deep/a.d.ts'), 'types')
  await writeFile(join(root, 'secret'), 'secret')
  await writeFile(join(root, 'context/@temper-images/temper/dist/main.js'), 'another program')
})
afterAll(() => rm(root, { recursive: true }))

const installed = (name: string) =>
  ['temper', 'server']
    .map((each) => [`@temper-images/${each}`, join(root, each)])
    .find(([each]) => each === name)?.[1]

async function files(source: string, folders: readonly string[] = ['recipe'], find = installed) {
  const request: FileRequest = { path: '/lib', source, mode: 0o644, uid: 0, gid: 0 }
  const all = await readRecipeFiles([request], {
    folders: folders.map((folder) => join(root, folder)),
    installed: find,
    fetch: () => Promise.reject(new Error('nothing is fetched')),
    fetchCommit: () => Promise.reject(new Error('no commit is fetched')),
  })
  return all.map((each) => `${each.request.source} ${each.request.path} ${each.size}`).sort()
}

describe('parts of Temper as it is installed', () => {
  it('are found by the name of their package, without what the recipe ignores', async () => {
    expect(await files('@temper-images/temper/dist')).toEqual([
      '@temper-images/temper/dist/deep/a.js /lib/deep/a.js 4',
      '@temper-images/temper/dist/main.js /lib/main.js 7',
    ])
    expect(await files('@temper-images/temper/dist/main.js')).toEqual([
      '@temper-images/temper/dist/main.js /lib 7',
    ])
  })

  it('give way to files of that name beside the recipe, as a rebuild lays them', async () => {
    expect(await files('@temper-images/temper/dist', ['context', 'recipe'])).toEqual([
      '@temper-images/temper/dist/main.js /lib/main.js 15',
    ])
  })

  it('are recipes and locks of the catalogue, too, of which nothing is built', async () => {
    const find = (name: string) => (name === '@temper-images/catalog' ? join(root, 'temper/dist') : undefined)
    expect(await files('@temper-images/catalog/deep/a.js', ['recipe'], find)).toEqual([
      '@temper-images/catalog/deep/a.js /lib 4',
    ])
  })

  it.each([
    ['@temper-images/other/dist', 'not-found', 'the package @temper-images/other is not'],
    ['@temper-images/server/dist', 'not-found', `${join('server', 'dist')} does not exist`],
    ['@temper-images/temper/../secret', 'bad-recipe', '".." leaves it'],
    ['@temper-images/temper/dist/none.js', 'not-found', 'does not exist'],
    ['@temper-images', 'not-found', 'does not exist'],
    ['@others/temper/dist', 'not-found', 'does not exist'],
  ])('%s is refused', async (source, code, message) => {
    await expect(files(source)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    })
  })
})
