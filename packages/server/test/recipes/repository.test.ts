import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RecipeCheckout, repositorySchema } from '../../src/recipes/repository.ts'
import { Scratch } from '../../src/scratch.ts'

/* Recipes out of repositories that git made, with signatures that SSH and GnuPG made. */

const run = promisify(execFile)
let folder = ''
let address = ''
let scratch: Scratch
let count = 0
const environment = { PATH: process.env.PATH ?? '' }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-repository-'))
  scratch = await Scratch.open(folder)
  address = join(folder, 'team')
  await mkdir(join(folder, 'gpg'), { mode: 0o700 })
  await git('init', '--quiet', '--initial-branch=main')
  await git('config', 'user.name', 'Ada')
  await git('config', 'user.email', 'ada@shop.example')
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'ada')])
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'eve')])
  const key = await readFile(join(folder, 'ada.pub'), 'utf8')
  await writeFile(join(folder, 'signers'), `ada@shop.example namespaces="git" ${key}`)
})
afterAll(async () => {
  await scratch.close()
  await run('gpgconf', ['--homedir', join(folder, 'gpg'), '--kill', 'all']).catch(() => undefined)
  await rm(folder, { recursive: true, force: true })
})

async function git(...words: readonly string[]): Promise<string> {
  await mkdir(address, { recursive: true })
  const env = { ...environment, HOME: folder, GNUPGHOME: join(folder, 'gpg'), GIT_CONFIG_NOSYSTEM: '1' }
  return (await run('git', ['-C', address, ...words], { env })).stdout.trim()
}

async function commit(files: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(address, name, '..'), { recursive: true })
    await writeFile(join(address, name), text)
  }
  await git('add', '--all')
  await git(...words, 'commit', '--quiet', '--allow-empty', '-m', 'a change')
  return await git('rev-parse', 'HEAD')
}

const signedBy = (who: string) =>
  ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${join(folder, who)}`, '-c', 'commit.gpgSign=true'] as const

async function checkout(more: object = {}): Promise<RecipeCheckout> {
  const data = join(folder, `data-${count++}`)
  const place = { data, environment, scratch }
  const made = new RecipeCheckout(repositorySchema.parse({ address, ...more }), place)
  await made.prepare()
  return made
}

describe('recipes of a repository', () => {
  it('are those of the newest commit of the branch', async () => {
    const first = await commit({ 'recipes/shop.yaml': 'name: shop\n', 'readme.md': 'x' })
    const made = await checkout({ folder: 'recipes' })
    expect(await readdir(made.folder).catch(() => [])).toEqual([])
    expect(await made.take()).toEqual({ commit: first, isOther: true })
    expect(await readdir(made.folder)).toEqual(['shop.yaml'])
    expect(await made.take()).toEqual({ commit: first, isOther: false })
    await git('checkout', '--quiet', '-b', 'other')
    await commit({ 'recipes/other.yaml': 'name: other\n' })
    expect(await made.take()).toEqual({ commit: first, isOther: false })
    await git('checkout', '--quiet', 'main')
    // History may be written anew.
    await rm(join(address, 'recipes/shop.yaml'))
    const second = await commit({ 'recipes/base.yaml': 'name: base\n' }, '-c', 'user.name=Bob')
    await git('commit', '--quiet', '--amend', '-m', 'another')
    const { commit: taken } = await made.take()
    expect(taken).not.toBe(second)
    expect(await readdir(made.folder)).toEqual(['base.yaml'])
  })

  it('lead nowhere by links, and run nothing', async () => {
    await symlink('/etc/passwd', join(address, 'recipes/link.txt'))
    await writeFile(join(address, '.gitattributes'), '*.yaml filter=x\n')
    await commit({ 'recipes/x.yaml': 'name: x\n' })
    const made = await checkout({ folder: 'recipes' })
    await made.take()
    expect(await readFile(join(made.folder, 'link.txt'), 'utf8')).toBe('/etc/passwd')
    const written = await rm(join(address, 'recipes/link.txt')).then(() => 'gone')
    expect(written).toBe('gone')
  })

  it('stay as they are when the repository cannot be read', async () => {
    const made = await checkout()
    const { commit: before } = await made.take()
    const gone = await checkout({ address: join(folder, 'nowhere') })
    await expect(gone.take()).rejects.toMatchObject({
      code: 'network',
      message: expect.stringContaining('nowhere'),
    })
    await expect((await checkout({ branch: 'none' })).take()).rejects.toMatchObject({ code: 'network' })
    await git('checkout', '--quiet', '--orphan', 'later')
    expect((await made.take()).commit).toBe(before)
    await git('checkout', '--quiet', '--force', 'main')
  })

  it.each(['../x', 'a/../b', '/etc', '--upload-pack=x'])(
    'are in no folder %s, on no branch of that name',
    (name) => {
      expect(repositorySchema.safeParse({ address, folder: name }).success).toBe(false)
      if (!name.includes('a/'))
        expect(repositorySchema.safeParse({ address, branch: `-${name}` }).success).toBe(false)
    },
  )
})

describe('signers of commits', () => {
  it('by SSH are those of the file, and nobody else', async () => {
    const signersFile = join(folder, 'signers')
    const good = await commit({ 'recipes/a.yaml': 'name: a\n' }, ...signedBy('ada'))
    const made = await checkout({ signersFile, folder: 'recipes' })
    expect(await made.take()).toEqual({ commit: good, isOther: true })
    await commit({ 'recipes/b.yaml': 'name: b\n' })
    await expect(made.take()).rejects.toMatchObject({ code: 'not-verified' })
    await commit({ 'recipes/b.yaml': 'name: b\n' }, ...signedBy('eve'))
    await expect(made.take()).rejects.toMatchObject({ code: 'not-verified' })
    expect(await readdir(made.folder)).not.toContain('b.yaml')
    const again = await commit({ 'recipes/c.yaml': 'name: c\n' }, ...signedBy('ada'))
    expect(await made.take()).toEqual({ commit: again, isOther: true })
    expect(await readdir(made.folder)).toContain('c.yaml')
  })

  it('by OpenPGP are whose keys the file has', async () => {
    const home = join(folder, 'gpg')
    const gpg = async (...words: readonly string[]) =>
      (await run('gpg', ['--homedir', home, '--batch', '--passphrase', '', ...words])).stdout
    await gpg('--quick-generate-key', 'Ada <ada@shop.example>', 'ed25519', 'sign', 'never')
    const signersFile = join(folder, 'keys.asc')
    await writeFile(signersFile, await gpg('--armor', '--export', 'ada@shop.example'))
    const openPgp = ['-c', 'user.signingKey=ada@shop.example', '-c', 'commit.gpgSign=true'] as const
    const good = await commit({ 'recipes/d.yaml': 'name: d\n' }, ...openPgp)
    const made = await checkout({ signersFile })
    expect(await made.take()).toEqual({ commit: good, isOther: true })
    await commit({ 'recipes/e.yaml': 'name: e\n' }, ...signedBy('ada'))
    await expect(made.take()).rejects.toMatchObject({ code: 'not-verified' })
  })
})
