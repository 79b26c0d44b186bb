import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fetchWithFolders, folderAddress, isAbsoluteFolder } from './folders.ts'
import { createHttp } from './http.ts'

let root = ''
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'temper-folders-')))
  await mkdir(join(root, 'recipe/packages/pool'), { recursive: true })
  await mkdir(join(root, 'srv'))
  await writeFile(join(root, 'recipe/packages/pool/a+b_1.deb'), 'bytes')
  await writeFile(join(root, 'recipe/secret'), 'secret')
  await writeFile(join(root, 'srv/file'), 'served')
  await symlink('../secret', join(root, 'recipe/packages/out'))
  await symlink('pool/a+b_1.deb', join(root, 'recipe/packages/in'))
  await symlink('loop', join(root, 'recipe/packages/loop'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function read(url: string): Promise<string | number> {
  const addresses = ['file://recipe/packages', `file://${root}/srv/`]
  const none = () => Promise.reject(new Error('no network'))
  const fetch = fetchWithFolders(none, { addresses, recipe: [join(root, 'recipe')] })
  const response = await createHttp({ fetch, files: true, retries: 0 }).request(url)
  return response.status === 200 ? await response.text(100) : response.status
}

describe('folders read as a server serves them', () => {
  it.each([
    ['file://recipe/packages/pool/a%2Bb_1.deb', 'bytes'],
    ['file://recipe/packages/in', 'bytes'],
    ['file://ROOT/srv/file', 'served'],
    ['file://recipe/packages/none', 404],
    ['file://recipe/packages/pool', 404],
    ['file://recipe/packages', 404],
    ['file://recipe/packages/out', 404],
    ['file://recipe/packages/loop', 404],
    ['file://recipe/packages/../secret', 404],
    ['file://recipe/packages/%2e%2e/secret', 404],
    ['file://recipe/packages/..%2fsecret', 404],
    ['file://recipe/packages/%00', 404],
    ['file://recipe/packages/%', 404],
    ['file://recipe/secret', 404],
    ['file://ROOT/recipe/secret', 404],
    ['file:///etc/passwd', 404],
    ['file://elsewhere/packages/in', 404],
  ])('%s: %s', async (url, expected) => {
    expect(await read(url.replace('ROOT', root))).toBe(expected)
  })

  it('are read only where they are meant to be, whatever a client is asked for', async () => {
    const fetch = fetchWithFolders(globalThis.fetch, { addresses: [`file://${root}/srv`] })
    await expect(createHttp({ fetch }).request(`file://${root}/srv/file`)).rejects.toMatchObject({
      code: 'network',
    })
  })

  it.each([
    ['./packages', 'file://recipe/packages'],
    ['./a b/./c/', 'file://recipe/a%20b/c'],
    ['/srv/debian', 'file:///srv/debian'],
    ['file:///srv/debian', 'file:///srv/debian'],
    ['file:///srv/a%20b', 'file:///srv/a%20b'],
    ['../packages', undefined],
    ['./a/../../b', undefined],
    ['/srv/../etc', undefined],
    ['packages', undefined],
    ['file://host/srv', undefined],
    ['https://packages.example', undefined],
    ['./a?b', undefined],
  ])('%s is %s', (text, address) => {
    expect(folderAddress(text)).toBe(address)
  })

  it.each([
    ['/srv/debian', true],
    ['file:///srv/debian', true],
    ['./packages', false],
    ['srv', false],
    ['https://mirror.example', false],
  ])('%s stands for one place: %s', (text, absolute) => {
    expect(isAbsoluteFolder(text)).toBe(absolute)
  })
})
