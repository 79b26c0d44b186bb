import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collect } from '../../base/bytes.ts'
import { sha256 } from '../../base/digest.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { fetchRecipeFile } from './fetch-recipe-file.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-fetch-'))
})
afterEach(() => rm(folder, { recursive: true }))

const address = 'https://files.example/app.conf?token=secret'

/** A server that has one file, and what it was asked for. */
function serving(text: string | undefined) {
  const asked: string[] = []
  const fetch = async (request: string | URL | Request) => {
    asked.push(String(request instanceof Request ? request.url : request))
    return text === undefined ? new Response('no', { status: 404 }) : new Response(text)
  }
  return { asked, online: sampleContext(folder, { offline: false, fetch }) }
}

const read = async (content: Awaited<ReturnType<typeof fetchRecipeFile>>) => ({
  size: content.size,
  text: Buffer.from(await collect(content.open(), { limit: 1000, what: 'x' })).toString(),
})

describe('a file of a recipe at an address', () => {
  it('is fetched once, and then taken from the cache without network', async () => {
    const { asked, online } = serving('hello')
    const digest = sha256('hello')
    expect(await read(await fetchRecipeFile({ address, digest }, online))).toEqual({ size: 5, text: 'hello' })
    expect(asked).toHaveLength(1)
    expect(await read(await fetchRecipeFile({ address, digest }, online))).toEqual({ size: 5, text: 'hello' })
    expect(
      await read(
        await fetchRecipeFile({ address: 'https://elsewhere.example/x', digest }, sampleContext(folder)),
      ),
    ).toEqual({
      size: 5,
      text: 'hello',
    })
    expect(asked).toHaveLength(1)
  })

  it('can be opened again', async () => {
    const content = await fetchRecipeFile({ address, digest: sha256('hello') }, serving('hello').online)
    expect(await read(content)).toEqual(await read(content))
  })

  it('is refused when it is another, and not kept', async () => {
    const { online } = serving('another')
    const refused = fetchRecipeFile({ address, digest: sha256('hello') }, online)
    await expect(refused).rejects.toMatchObject({
      code: 'digest-mismatch',
      message: expect.not.stringContaining('secret'),
    })
    const kept = await readdir(join(folder, 'cache/files-2'), { recursive: true }).catch(() => [])
    expect(kept.filter((name) => /[0-9a-f]{64}/.test(name))).toEqual([])
  })

  it('is not asked for where the network must not be used', async () => {
    const { asked, online } = serving('hello')
    await expect(
      fetchRecipeFile({ address, digest: sha256('hello') }, { ...online, offline: true }),
    ).rejects.toMatchObject({
      code: 'offline',
      message: expect.stringMatching(
        /^The recipe's file https:\/\/files\.example\/app\.conf\S* is not in the cache/,
      ),
      next: { action: 'go-online' },
    })
    expect(asked).toEqual([])
  })

  it('is told to be missing without what the address says of somebody', async () => {
    const { online } = serving(undefined)
    await expect(fetchRecipeFile({ address, digest: sha256('hello') }, online)).rejects.toMatchObject({
      message: expect.not.stringContaining('secret'),
    })
  })

  it('is fetched again when the cache holds something else', async () => {
    const { asked, online } = serving('hello')
    await fetchRecipeFile({ address, digest: sha256('hello') }, online)
    const [kept = ''] = (await readdir(join(folder, 'cache/files-2'), { recursive: true })).filter((name) =>
      /[0-9a-f]{60}/.test(name),
    )
    await writeFile(join(folder, 'cache/files-2', kept), 'damaged')
    expect(await read(await fetchRecipeFile({ address, digest: sha256('hello') }, online))).toEqual({
      size: 5,
      text: 'hello',
    })
    expect(asked).toHaveLength(2)
  })
})
