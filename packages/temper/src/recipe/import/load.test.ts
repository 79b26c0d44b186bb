import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importFile } from './load.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-import-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

const packages = (...names: readonly string[]) =>
  `contents:\n  repositories: [https://dl-cdn.alpinelinux.org/alpine/v3.23/main]\n  packages: [${names.join(', ')}]\n`
const importing = (name: string, workingDir = folder) => importFile(name, { workingDir })

describe('a configuration that includes others', () => {
  it('has what they have, and what it says itself', async () => {
    await put({
      'web.yaml': `include: base.yaml\n${packages('nginx')}entrypoint:\n  command: /usr/sbin/nginx\n`,
      'base.yaml': packages('tzdata'),
    })
    const { text } = await importing('web.yaml')
    expect(text).toContain('nginx')
    expect(text).toContain('tzdata')
  })

  it('finds them from the working folder, and from those above the file', async () => {
    const including = `include: shared/base.yaml\n${packages('nginx')}`
    await put({ 'a/b/web.yaml': including, 'shared/base.yaml': packages('from-the-top') })
    expect((await importing('a/b/web.yaml')).text).toContain('from-the-top')
    await put({ 'a/shared/base.yaml': packages('from-above') })
    expect((await importing('a/b/web.yaml')).text).toContain('from-the-top')
    expect((await importing('b/web.yaml', join(folder, 'a'))).text).toContain('from-above')
  })

  it.each<[string, Readonly<Record<string, string>>, string, string]>([
    ['nothing', {}, 'not-found', 'web.yaml: expected a recipe, found no file'],
    ['a folder', { 'web.yaml/x': '' }, 'not-found', 'web.yaml: expected a recipe, found a folder'],
    [
      'one that is not there',
      { 'web.yaml': 'include: none.yaml\n' },
      'not-found',
      'web.yaml: cannot include none.yaml: there is no such file',
    ],
    [
      'itself',
      { 'web.yaml': 'include: web.yaml\n' },
      'not-found',
      'web.yaml: cannot include web.yaml: it includes this one',
    ],
    [
      'one that includes it',
      { 'web.yaml': 'include: base.yaml\n', 'base.yaml': 'include: web.yaml\n' },
      'not-found',
      'base.yaml: cannot include web.yaml: it includes this one',
    ],
    [
      'too many',
      {
        'web.yaml': 'include: 0.yaml\n',
        ...Object.fromEntries(
          Array.from({ length: 12 }, (_, at) => [`${at}.yaml`, `include: ${at + 1}.yaml\n`]),
        ),
      },
      'not-found',
      '7.yaml: cannot include 8.yaml: more than 8 files include each other',
    ],
  ])('is refused when it includes %s', async (_title, files, code, message) => {
    await put(files)
    await expect(importing('web.yaml')).rejects.toMatchObject({ code, message })
  })

  it('may include eight', async () => {
    const chain = Array.from({ length: 8 }, (_, at) => [
      `${at}.yaml`,
      (at < 7 ? `include: ${at + 1}.yaml\n` : '') + packages(`package-${at}`),
    ])
    await put({ 'web.yaml': `include: 0.yaml\n${packages('nginx')}`, ...Object.fromEntries(chain) })
    const { text } = await importing('web.yaml')
    for (let at = 0; at < 8; at++) expect(text).toContain(`package-${at}`)
  })

  it('is refused when it or one of them is no text', async () => {
    await put({ 'web.yaml': 'include: base.yaml\n' })
    await writeFile(join(folder, 'base.yaml'), Buffer.of(0xff, 0xfe))
    await expect(importing('web.yaml')).rejects.toMatchObject({
      code: 'bad-recipe',
      message: 'base.yaml: is not UTF-8 text',
    })
  })
})
