import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ArchiveFolder, advisoryOf } from './archive.ts'
import { OwnFactory } from './own-factory.ts'

/* Recipes out of a git repository, whose locks change by merge requests alone. */

const run = promisify(execFile)
let factory: OwnFactory
let archive: ArchiveFolder
let forge: Server
/** What came as a commit: by path. */
const proposed = new Map<string, string>()
const titles: string[] = []

const git = (...words: readonly string[]) =>
  run('git', [
    '-C',
    factory.path('repository'),
    '-c',
    'user.name=Ada',
    '-c',
    'user.email=a@b.example',
    ...words,
  ])

async function commit(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(factory.path('repository'), name, '..'), { recursive: true })
    await writeFile(join(factory.path('repository'), name), text)
  }
  await git('add', '--all')
  await git('commit', '--quiet', '-m', 'a change')
}

beforeAll(async () => {
  factory = await OwnFactory.inFolder()
  archive = await ArchiveFolder.make(factory.path('mirror'))
  await archive.offer({ gadget: '1.0-1', widget: '2.0-1' })
  await run('git', ['init', '--quiet', '--initial-branch=main', factory.path('repository')])
  await commit({
    'shop/recipe.yaml': archive.recipe('shop', ['gadget', 'widget']),
    'shop/key.asc': archive.files['key.asc'] ?? '',
  })
  await writeFile(factory.path('token'), 'token-of-ours')
  forge = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    request.on('end', () => {
      const answer = (status: number, value: object) => response.writeHead(status).end(JSON.stringify(value))
      const path = request.url ?? ''
      if (request.method === 'GET') return answer(404, {})
      const body = JSON.parse(text)
      if (path.endsWith('/repository/commits'))
        for (const { file_path: name, content } of body.actions) proposed.set(name, content)
      else titles.push(body.title)
      answer(201, { iid: titles.length })
    })
  })
  await new Promise<void>((resolve) => forge.listen(0, '127.0.0.1', resolve))
  const channel = {
    kind: 'gitlab',
    name: 'locks',
    repository: 'team/recipes',
    opens: 'merge-requests',
    allowPrivate: true,
    address: `http://127.0.0.1:${(forge.address() as AddressInfo).port}/api/v4`,
    tokenFile: factory.path('token'),
  }
  const recipesRepository = { address: factory.path('repository'), every: 1 }
  await factory.start({}, { factory: { channels: [channel], recipesRepository } })
})
afterAll(async () => {
  await factory.remove()
  forge.close()
})

describe('an image whose recipe lies in a repository', () => {
  it('is built from the newest commit', async () => {
    expect(await factory.builtFor('shop', /its recipe was added/)).toMatchObject({ state: 'published' })
  })

  it('is proposed a lock that repairs it, and is built when somebody merges that', async () => {
    const before = await factory.digestOf('shop', '1')
    await archive.offer({ gadget: '1.0-2', widget: '2.0-1' })
    await writeFile(
      factory.path('feeds/one.json'),
      JSON.stringify(advisoryOf('CVE-2026-1', 'gadget', '1.0-2')),
    )
    const lock = await factory.until(async () => proposed.get('shop/recipe.lock.json'), 'a proposal')
    const reason = 'rebuilt because gadget 1.0-2 fixes CVE-2026-1, high'
    await factory.until(async () => titles[0], 'a merge request')
    expect(titles).toEqual([`shop: ${reason}`])
    expect([await factory.digestOf('shop', '1'), (await factory.builds('shop')).length]).toEqual([before, 1])
    // What the archive has by then is none of what was agreed on.
    await archive.offer({ gadget: '1.0-3', widget: '3.0-1' })
    await commit({ 'shop/recipe.lock.json': lock })
    const built = await factory.builtFor('shop', /fixes CVE-2026-1/)
    expect(built).toMatchObject({ error: null, state: 'published', reason })
    const { packages } = await factory.get<{ packages: readonly { name: string; version: string }[] }>(
      `/api/images/shop/${built.digest}`,
    )
    expect(packages.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'gadget 1.0-2',
      'widget 2.0-1',
    ])
    expect((await factory.image('shop'))?.vulnerabilities).toEqual({})
  })
})
