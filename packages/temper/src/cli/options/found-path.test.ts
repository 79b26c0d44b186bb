import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { foundAt } from './found-path.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-found-path-'))
})
afterAll(() => rm(folder, { recursive: true }))

it.each([
  ['web.yaml', 'contents: { packages: [nginx] }\n', /If it is a recipe, lock it .*temper lock web\.yaml/],
  ['notes.txt', 'notes\n', /If it is a package, unpack it/],
  ['Dockerfile', 'FROM scratch\n', /Build it/],
])('says of %s, which holds no packages, how to go on', async (name, text, hint) => {
  const path = join(folder, name)
  await writeFile(path, text)
  await expect(foundAt(path, name)).rejects.toMatchObject({
    code: 'bad-reference',
    hint: expect.stringMatching(hint),
  })
})
