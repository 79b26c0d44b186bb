import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bytesOf, collect } from '../../base/bytes.ts'
import { type Digest, sha256 } from '../../base/digest.ts'
import type { FileRequest } from '../../model/recipe-parts/file-request.ts'
import { type FetchFile, readBeside, readRecipeFiles } from './file-source.ts'
import { filesOfFolder } from './folder-source.ts'
import { ignoresNothing } from './ignore-file.ts'

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

const fetchCommit = async (): Promise<never> => {
  throw new Error('no recipe here names a commit')
}

async function read(source: string, checksum?: string, fetch: FetchFile = noFetch) {
  const [file] = await readRecipeFiles([request(source, checksum)], { folders: [folder], fetch, fetchCommit })
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
    ['pipe', 'bad-recipe', 'not a regular file'],
    ['files/..', 'bad-recipe', '".." leaves it'],
    ['up', 'bad-recipe', "leaves the recipe's folder"],
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

describe('a folder as source', () => {
  const app = (file: string) => join(folder, 'app', file)
  const readApp = (more: Partial<FileRequest> = {}, source = 'app') =>
    readRecipeFiles([{ ...request(source), path: '/srv/app', uid: 7, ...more }], {
      folders: [folder],
      fetch: noFetch,
      fetchCommit,
    })

  beforeAll(async () => {
    await mkdir(app('lib/deep'), { recursive: true })
    await mkdir(app('empty'))
    for (const name of ['main.py', 'lib/b.py', 'lib/deep/c.py', 'Z.py']) await writeFile(app(name), name)
    await symlink('../main.py', app('lib/again.py'))
    await mkdir(join(folder, 'shared'))
    await writeFile(join(folder, 'shared/s.py'), 's')
    await symlink('../shared', app('linked'))
  })

  it('is all files below it, by code unit, with links followed and the permissions of the request', async () => {
    const files = await readApp({ mode: 0o640 })
    expect(files.map(({ request: { source, path } }) => [source, path])).toEqual([
      ['app/Z.py', '/srv/app/Z.py'],
      ['app/lib/again.py', '/srv/app/lib/again.py'],
      ['app/lib/b.py', '/srv/app/lib/b.py'],
      ['app/lib/deep/c.py', '/srv/app/lib/deep/c.py'],
      ['app/linked/s.py', '/srv/app/linked/s.py'],
      ['app/main.py', '/srv/app/main.py'],
    ])
    expect(files.every(({ request: { mode, uid } }) => mode === 0o640 && uid === 7)).toBe(true)
    expect(files[1]?.digest).toBe(sha256('main.py'))
  })

  it('leaves out what the folder of the recipe ignores', async () => {
    await writeFile(join(folder, '.dockerignore'), 'app/lib\n**/Z.py\n')
    try {
      expect((await readApp()).map(({ request: { source } }) => source)).toEqual([
        'app/linked/s.py',
        'app/main.py',
      ])
    } finally {
      await rm(join(folder, '.dockerignore'))
    }
  })

  it('leaves out what the request ignores, relative to its folder, and does not look below it', async () => {
    const sources = async (ignore: readonly string[]) =>
      (await readApp({ ignore })).map(({ request: { source } }) => source)
    const all = await sources([])
    expect(await sources(['lib', 'app'])).toEqual(all.filter((name) => !name.startsWith('app/lib/')))
    await mkdir(join(folder, 'app/round'))
    await symlink('../round', join(folder, 'app/round/again'))
    try {
      await expect(sources([])).rejects.toMatchObject({ code: 'bad-recipe' })
      expect(await sources(['round'])).toEqual(all)
      await expect(sources(['round', '!round/x'])).rejects.toMatchObject({ code: 'bad-recipe' })
    } finally {
      await rm(join(folder, 'app/round'), { recursive: true })
    }
    expect((await readApp({ ignore: ['lib'] })).every(({ request: each }) => !('ignore' in each))).toBe(true)
  })

  it('has files in it', async () => {
    await expect(readApp({}, 'app/empty')).rejects.toMatchObject({
      code: 'bad-recipe',
      message: "The recipe's folder app/empty: expected files in it, found none",
    })
  })

  it('has no checksum of its own', async () => {
    await expect(readApp({ checksum: sha256('x') })).rejects.toMatchObject({
      code: 'bad-recipe',
      message: "The recipe's folder app: a checksum is for one file",
    })
  })

  it.each([
    ['a link above itself', 'round', '.', /a link to a folder above it/],
    ['a link that leaves', 'away', '../..', /leaves the recipe's folder|link to a folder above it/],
    ['a link to nothing', 'nothing', 'missing', /does not exist/],
  ])('may not have %s', async (_what, name, target, message) => {
    await mkdir(join(folder, `bad-${name}`))
    await symlink(target, join(folder, `bad-${name}`, name))
    await expect(readApp({}, `bad-${name}`)).rejects.toMatchObject({
      message: expect.stringMatching(message) as string,
    })
  })

  it.each([
    [50_000, undefined],
    [50_001, /expected at most 50000 files/],
  ])('with %i files', async (count, message) => {
    const name = `many-${count}`
    await mkdir(join(folder, name))
    // A folder that several links lead to is there several times.
    const set = join(folder, `${name}-set`)
    await mkdir(set)
    await Promise.all(Array.from({ length: 500 }, (_, i) => writeFile(join(set, String(i)), '')))
    for (let links = 0; links < Math.floor(count / 500); links++)
      await symlink(`../${name}-set`, join(folder, name, `l${links}`))
    if (count % 500 > 0) await writeFile(join(folder, name, 'more'), '')
    const files = filesOfFolder(request(name), {
      path: join(folder, name),
      ignores: ignoresNothing,
      isOwn: () => false,
    })
    if (message === undefined) expect(await files).toHaveLength(count)
    else await expect(files).rejects.toMatchObject({ code: 'limit-exceeded' })
  })
})

describe('the folder of the recipe itself', () => {
  it('is had whole, without the recipe, its locks, images that were built there, and the data of git', async () => {
    const own = join(folder, 'whole')
    const names = [
      'app.yaml',
      'app.lock.json',
      'app.dev.lock.json',
      'package.lock.json',
      'main.go',
      '.git/config',
      'vendor/.git/config',
      'vendor/app.yaml',
      'out/app/oci-layout',
      'out/app/blobs/x',
      'out/page.html',
      'node_modules/a.js',
    ]
    for (const name of names) {
      await mkdir(dirname(join(own, name)), { recursive: true })
      await writeFile(join(own, name), name)
    }
    await writeFile(join(own, '.dockerignore'), 'node_modules\n.dockerignore\n')
    const read = (source: string) =>
      readRecipeFiles([request(source)], {
        folders: [own],
        recipe: join(own, 'app.yaml'),
        fetch: noFetch,
        fetchCommit,
      })
    const files = await read('.')
    expect(files.map(({ request: { source } }) => source)).toEqual([
      'main.go',
      'out/page.html',
      'package.lock.json',
      'vendor/.git/config',
      'vendor/app.yaml',
    ])
    expect(files[0]?.request.path).toBe(`${request('.').path}/main.go`)
    await symlink('..', join(own, 'up'))
    await expect(read('up')).rejects.toMatchObject({
      message: expect.stringContaining('is a link that leaves'),
    })
  })
})

describe('readBeside', () => {
  it('reads small files only', async () => {
    expect(Buffer.from(await readBeside('files/a.conf', { folders: [folder], limit: 6 })).toString()).toBe(
      content,
    )
    await expect(readBeside('files/a.conf', { folders: [folder], limit: 5 })).rejects.toMatchObject({
      code: 'limit-exceeded',
    })
  })
})
