import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { feedsContext } from './fixtures/sample.ts'
import { importFeeds } from './import.ts'
import { feedInputs } from './inputs.ts'

let home = ''
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'temper-feed-inputs-'))
})
afterAll(() => rm(home, { recursive: true }))

const record = JSON.stringify({ id: 'A-1', modified: '2026-01-01T00:00:00Z', affected: [] })

async function folderOf(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = join(home, name)
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return folder
}

/** What is to be imported, each as its kind, its id and what is in it, below the folder. */
async function inputsOf(folder: string): Promise<readonly string[]> {
  const inputs = await feedInputs(folder)
  return inputs.map((input) =>
    input.kind === 'records'
      ? `records ${input.id}: ${input.names.join(' ')}`
      : `file ${input.id}: ${input.path.slice(folder.length + 1)}`,
  )
}

describe('what there is to import at a path', () => {
  it('is a file, by its name without endings', async () => {
    const folder = await folderOf('names', {
      'kev.json': '{}',
      'epss.csv.gz': gzipSync('x'),
      'Debian/all.zip': 'x',
      'odd name (1).ndjson': '',
      '.json': '{}',
    })
    const ids = async (name: string) => (await feedInputs(join(folder, name)))[0]?.id
    expect(
      await Promise.all(
        ['kev.json', 'epss.csv.gz', 'Debian/all.zip', 'odd name (1).ndjson', '.json'].map(ids),
      ),
    ).toEqual(['kev', 'epss', 'Debian', 'odd-name-1-', 'feed'])
  })

  it('are all records of a folder together, and each collection by itself', async () => {
    const folder = await folderOf('mixed', {
      'b/A-2.json': record,
      'A-1.json': record,
      'go/all.zip': 'PK',
      'npm/all.zip': 'PK',
      'list.ndjson': record,
      'epss.csv': 'cve,epss\n',
      'README.md': 'no feed',
      'script.sh': 'no feed',
    })
    expect(await inputsOf(folder)).toEqual([
      'records mixed: A-1.json b/A-2.json',
      'file epss: epss.csv',
      'file go: go/all.zip',
      'file list: list.ndjson',
      'file npm: npm/all.zip',
    ])
  })

  it('has an id for each of several files of one name', async () => {
    const folder = await folderOf('same', { 'a/list.csv': 'x', 'b/list.csv': 'y', 'c/list.csv': 'z' })
    expect(await inputsOf(folder)).toEqual([
      'file list: a/list.csv',
      'file list-2: b/list.csv',
      'file list-3: c/list.csv',
    ])
  })

  it('leaves hidden folders and links out', async () => {
    const folder = await folderOf('links', {
      'A-1.json': record,
      '.git/A-2.json': record,
      'elsewhere/A-3.json': record,
    })
    await symlink(join(folder, 'elsewhere'), join(folder, 'loop'))
    await symlink(join(folder, 'A-1.json'), join(folder, 'A-9.json'))
    expect(await inputsOf(folder)).toEqual(['records links: A-1.json elsewhere/A-3.json'])
  })

  it('takes hundreds of JSON files in a folder for records without looking into each', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 201 }, (_, i) => [
        `${String(i).padStart(3, '0')}.json`,
        i === 7 ? '{"vulnerabilities":[]}' : record,
      ]),
    )
    const [input, ...others] = await feedInputs(await folderOf('many', many))
    expect(others).toEqual([])
    expect(input).toMatchObject({ kind: 'records', id: 'many' })
    expect(input?.kind === 'records' && input.names).toHaveLength(201)
  })

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['nothing that could be a feed', { 'README.md': 'x' }, /holds no feed files/],
    ['folders without end', { [`${'d/'.repeat(14)}A-1.json`]: record }, /nested deeper than 12 folders/],
  ])('is refused where there is %s', async (name, files, message) => {
    await expect(feedInputs(await folderOf(name.replaceAll(' ', '-'), files))).rejects.toThrow(message)
  })

  it('is refused where an address stands for it, of which no password is shown', async () => {
    const paths = ['https://user:geheim@feeds.example/all.zip']
    await expect(importFeeds({ paths }, feedsContext(home))).rejects.toMatchObject({
      code: 'bad-usage',
      message: 'Expected a file or folder, found the address https://***@feeds.example/all.zip',
    })
  })

  it('is refused where there is nothing', async () => {
    await expect(feedInputs(join(home, 'none'))).rejects.toMatchObject({ code: 'not-found' })
  })
})
