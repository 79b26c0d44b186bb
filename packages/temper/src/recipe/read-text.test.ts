import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRecipeText } from './read-text.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-text-'))
  await mkdir(join(folder, 'folder'))
  await writeFile(join(folder, 'largest'), 'x'.repeat(1 << 20))
  await writeFile(join(folder, 'larger'), 'x'.repeat((1 << 20) + 1))
  await writeFile(join(folder, 'latin1'), Buffer.from('name: caf\u00e9', 'latin1'))
  await writeFile(join(folder, 'utf8'), 'name: café\n')
  await writeFile(join(folder, 'empty'), '')
  await symlink('utf8', join(folder, 'link'))
  await symlink('nothing', join(folder, 'dangling'))
})
afterAll(() => rm(folder, { recursive: true }))

const read = (name: string) => readRecipeText(join(folder, name), `shown/${name}`)

describe('the text of a recipe', () => {
  it.each([
    ['utf8', 'name: café\n'],
    ['link', 'name: café\n'],
    ['empty', ''],
    ['largest', 'x'.repeat(1 << 20)],
  ])('is read as it is: %s', async (name, text) => {
    expect(await read(name)).toBe(text)
  })

  it.each([
    ['none', 'not-found', 'shown/none: expected a recipe, found no file'],
    ['utf8/below', 'not-found', 'shown/utf8/below: expected a recipe, found no file'],
    ['dangling', 'not-found', 'shown/dangling: expected a recipe, found no file'],
    ['folder', 'not-found', 'shown/folder: expected a recipe, found a folder'],
    ['larger', 'limit-exceeded', 'shown/larger: a recipe has at most 1048576 bytes, found 1048577'],
    ['latin1', 'bad-recipe', 'shown/latin1: is not UTF-8 text'],
  ])('is refused: %s, %s', async (name, code, message) => {
    await expect(read(name)).rejects.toMatchObject({ code, message })
  })
})
