import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bytesOf, collect } from '../base/bytes.ts'
import { type Digest, sha256 } from '../base/digest.ts'
import type { FileRequest } from '../model/recipe.ts'
import { type FetchFile, readBeside, readRecipeFiles } from './file-source.ts'

let root = ''
let folder = ''
const content = 'hello\n'

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'recipe-files-'))
  folder = join(root, 'web')
  await mkdir(join(folder, 'files/inner'), { recursive: true })
  await writeFile(join(folder, 'files/a.conf'), content)
  await writeFile(join(root, 'secret'), 'secret')
  await symlink('a.conf', join(folder, 'files/link'))
  await symlink('../../secret', join(folder, 'files/out'))
  await symlink('..', join(folder, 'up'))
  await symlink('loop', join(folder, 'loop'))
  execFileSync('mkfifo', [join(folder, 'pipe')])
})

afterAll(async () => {
  await rm(root, { recursive: true })
})

function request(source: string, checksum?: string): FileRequest {
  return {
    path: '/etc/a',
    source,
    mode: 0o644,
    uid: 0,
    gid: 0,
    ...(checksum === undefined ? {} : { checksum }),
  }
}

const noFetch: FetchFile = async (address) => {
  throw new Error(`fetched ${address}`)
}

async function read(source: string, checksum?: string, fetch: FetchFile = noFetch) {
  const [file] = await readRecipeFiles([request(source, checksum)], { folder, fetch })
  if (file === undefined) throw new Error('no file')
  return file
}

describe('readRecipeFiles', () => {
  it.each(['files/a.conf', './files//a.conf', 'files/link'])('reads %s', async (source) => {
    const file = await read(source, sha256(content))
    expect(file).toMatchObject({ digest: sha256(content), size: content.length })
    for (let time = 0; time < 2; time++)
      expect(Buffer.from(await collect(file.open(), { limit: 100, what: 'a' })).toString()).toBe(content)
  })

  it.each([
    ['files/b.conf', 'not-found', 'does not exist'],
    ['files/a.conf/x', 'not-found', 'does not exist'],
    ['loop', 'not-found', 'does not exist'],
    ['files/out', 'bad-recipe', "leaves the recipe's folder"],
    ['up/secret', 'bad-recipe', "leaves the recipe's folder"],
    ['../secret', 'bad-recipe', '".." leaves it'],
    ['/etc/passwd', 'bad-recipe', "in the recipe's folder"],
    ['files/inner', 'bad-recipe', 'is a folder'],
    ['pipe', 'bad-recipe', 'not a regular file'],
    ['.', 'bad-recipe', "leaves the recipe's folder"],
  ])('refuses %s', async (source, code, message) => {
    await expect(read(source)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    })
  })

  it('refuses a file that is not what its checksum says', async () => {
    await expect(read('files/a.conf', sha256('other'))).rejects.toMatchObject({ code: 'digest-mismatch' })
  })

  it('notices that a file changes between reading and using it', async () => {
    await writeFile(join(folder, 'changing'), 'one')
    const file = await read('changing')
    await writeFile(join(folder, 'changing'), 'two')
    await expect(collect(file.open(), { limit: 100, what: 'a' })).rejects.toMatchObject({
      code: 'digest-mismatch',
    })
  })

  it('fetches addresses and checks what comes', async () => {
    const asked: [string, Digest][] = []
    const serve =
      (text: string): FetchFile =>
      async (address, digest) => {
        asked.push([address, digest])
        return { size: text.length, open: () => bytesOf(Buffer.from(text)) }
      }
    const file = await read('https://a.example/x', sha256(content), serve(content))
    expect(asked).toEqual([['https://a.example/x', sha256(content)]])
    expect((await collect(file.open(), { limit: 100, what: 'a' })).length).toBe(content.length)
    const wrong = await read('https://a.example/x', sha256(content), serve('other!'))
    await expect(collect(wrong.open(), { limit: 100, what: 'a' })).rejects.toMatchObject({
      code: 'digest-mismatch',
    })
    await expect(read('https://a.example/x', undefined, serve(content))).rejects.toMatchObject({
      code: 'bad-recipe',
    })
  })
})

describe('readBeside', () => {
  it('reads small files only', async () => {
    expect(Buffer.from(await readBeside('files/a.conf', { folder, limit: 6 })).toString()).toBe(content)
    await expect(readBeside('files/a.conf', { folder, limit: 5 })).rejects.toMatchObject({
      code: 'limit-exceeded',
    })
  })
})
