import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ArchiveFolder } from './archive.ts'
import { OwnFactory } from './own-factory.ts'

let factory: OwnFactory
let archive: ArchiveFolder

beforeAll(async () => {
  factory = await OwnFactory.inFolder()
  archive = await ArchiveFolder.make(factory.path('mirror'))
  await archive.offer({ gadget: '1.0-1' })
  await factory.start()
})
afterAll(() => factory.remove())

/** What a process leaves that is killed after it has published, and before it says how the build ended. */
async function beginAgain(id: string): Promise<void> {
  const { db, jobs } = factory.world
  await db
    .updateTable('builds')
    .set({ state: 'running', digest: null, ended: null })
    .where('id', '=', id)
    .execute()
  await jobs.add('build', { build: id }, { group: 'shop' })
}

describe('a build that is begun again after it has published', () => {
  it('says that it has, and that once', async () => {
    const { build: id } = await factory.post<{ build: string }>('/api/recipes', {
      name: 'shop',
      recipe: archive.recipe('shop', ['gadget']),
      files: archive.files,
    })
    const first = await factory.built(id)
    expect(first).toMatchObject({ error: null, state: 'published' })
    await beginAgain(id)
    const { digest } = first
    const again = await factory.built(id)
    expect(again).toMatchObject({ error: null, state: 'published', digest })
    expect(again.steps.at(-1)).toMatchObject({
      state: 'skipped',
      note: expect.stringContaining('this build'),
    })
    const events = await factory.get<readonly { readonly kind: string }[]>('/api/events')
    expect(events.map(({ kind }) => kind)).toEqual(['published'])
    // Another one that makes the same image has published nothing.
    const { id: other } = await factory.post<{ id: string }>(`/api/builds/${id}/retry`)
    expect(await factory.built(other)).toMatchObject({ error: null, state: 'unchanged', digest })
  })
})
