import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RepositoryRequest } from '../../../model/recipe.ts'
import {
  cleanUp,
  contentOf,
  failure,
  goodMirror,
  makeKey,
  makeWorld,
  releaseText,
  type SigningKey,
  stanzaOf,
  startMirror,
  type TestMirror,
  temporaryFolder,
} from '../fixtures/mirror.ts'

let key: SigningKey
let own: SigningKey

beforeAll(async () => {
  key = await makeKey()
  own = await makeKey()
})

afterAll(cleanUp)

/** A repository of somebody else's: what its mirror has, as it is in the world. */
interface Layout {
  /** Address below the mirror, suite and components, as a line of apt has them. */
  readonly line: readonly [address: string, suite: string, ...components: string[]]
  /** Folder of the Release file. */
  readonly folder: string
  /** Index files by their path below that folder, as the Release file names them. */
  readonly indices: Readonly<Record<string, Buffer>>
  /** Fields of the Release file; undefined takes one out. */
  readonly fields?: Readonly<Record<string, string | undefined>>
  /** How it is signed. Default: inline. */
  readonly signed?: 'inline' | 'detached' | 'not'
  /** What is answered for a file that is not there. Default 404. */
  readonly absent?: number
}

const nameless = { Suite: undefined, Codename: undefined }

async function opened(layout: Layout) {
  const mirror = await startMirror()
  await fill(mirror, layout)
  const { absent = 404 } = layout
  mirror.behave = (path, _request, response) => {
    if (mirror.files.has(path)) return undefined
    response.writeHead(absent).end('<Error><Code>AccessDenied</Code></Error>')
    return true
  }
  const keyFile = join(await temporaryFolder(), 'keys', 'own.asc')
  await mkdir(join(keyFile, '..'))
  await writeFile(keyFile, own.armored)
  const [address, suite, ...components] = layout.line
  const repository: RepositoryRequest = {
    name: 'own',
    address: `${mirror.address}${address}`,
    suite,
    components,
    key: keyFile,
  }
  const world = await makeWorld(key)
  const source = world.source([await goodMirror(key)], { repositories: [repository] })
  return { mirror, source }
}

async function fill(mirror: TestMirror, { folder, indices, fields, signed = 'inline' }: Layout) {
  for (const [path, bytes] of Object.entries(indices))
    mirror.files.set(`${folder}${path}`.replace(/\/\.\/|^\.\//g, '/').replace(/^\//, ''), bytes)
  const text = releaseText(
    { suite: 'stable', fields: { 'Acquire-By-Hash': undefined, ...fields } },
    new Map(Object.entries(indices)),
  )
  if (signed === 'inline') mirror.files.set(`${folder}InRelease`, Buffer.from(await own.sign(text)))
  else mirror.files.set(`${folder}Release`, Buffer.from(text))
  if (signed === 'detached')
    mirror.files.set(`${folder}Release.gpg`, Buffer.from(await own.signDetached(text)))
}

function listing(filename?: string, architecture = 'amd64'): Buffer {
  const fields = filename === undefined ? {} : { Filename: filename }
  return Buffer.from(stanzaOf({ name: 'own-tool', architecture, fields }))
}

const pool = 'pool/main/o/own-tool/own-tool_1.0-1_amd64.deb'

const layouts: readonly (readonly [string, Layout, string])[] = [
  [
    'a flat repository at its top',
    {
      line: ['', './'],
      folder: '',
      indices: { Packages: listing('./own-tool_1.0-1_amd64.deb') },
      fields: nameless,
    },
    'own-tool_1.0-1_amd64.deb',
  ],
  [
    'a flat repository below its address, paths from the address on',
    {
      line: ['/apt', 'trixie/all/'],
      folder: 'apt/trixie/all/',
      indices: { 'Packages.gz': gzipSync(listing('trixie/all/own-tool.deb')) },
      fields: nameless,
    },
    'trixie/all/own-tool.deb',
  ],
  [
    'a flat repository of all architectures, signed apart, on a storage that says "forbidden" for what it does not have',
    {
      line: ['', './'],
      folder: '',
      indices: {
        './Packages': Buffer.concat([listing('arm/own-tool.deb', 'arm64'), listing('amd/own-tool.deb')]),
      },
      fields: { ...nameless, Architectures: undefined, Components: undefined },
      signed: 'detached',
      absent: 403,
    },
    'amd/own-tool.deb',
  ],
  [
    'an index that is there in plain only, and not by hash though promised',
    {
      line: ['', 'stable', 'main'],
      folder: 'dists/stable/',
      indices: { 'main/binary-amd64/Packages': listing() },
      fields: { 'Acquire-By-Hash': 'yes' },
      absent: 403,
    },
    pool,
  ],
  [
    'paths that begin with a slash',
    {
      line: ['', 'stable', 'main'],
      folder: 'dists/stable/',
      indices: { 'main/binary-amd64/Packages': listing(`/${pool}`) },
    },
    pool,
  ],
  [
    'a component of several parts, and a suite that is told with a folder',
    {
      line: ['', 'stretch/updates', 'main/debian-installer'],
      folder: 'dists/stretch/updates/',
      indices: { 'main/debian-installer/binary-amd64/Packages': listing() },
      fields: { Suite: 'oldstable', Codename: 'stretch', Components: 'updates/main' },
    },
    pool,
  ],
  [
    'a Release file without a name, and a component without packages of this architecture',
    {
      line: ['', 'stable', 'main', 'extra'],
      folder: 'dists/stable/',
      indices: {
        'main/binary-amd64/Packages': listing(),
        'extra/binary-arm64/Packages': listing(undefined, 'arm64'),
      },
      fields: nameless,
    },
    pool,
  ],
  [
    'packages of all architectures alone',
    {
      line: ['', 'stable', 'main'],
      folder: 'dists/stable/',
      indices: { 'main/binary-all/Packages': listing(pool, 'all') },
      fields: { Architectures: 'all' },
    },
    pool,
  ],
]

test.each(layouts)('%s', async (_, layout, location) => {
  const { source } = await opened(layout)
  const [first, ...more] = (await source.index('amd64')).versions('own-tool')
  expect(first?.origin).toMatchObject({ repository: 'own', suite: layout.line[1], location })
  expect(first?.size).toBe(contentOf({ name: 'own-tool' }).length)
  expect(more).toEqual([])
})

const plain: Layout = {
  line: ['', 'stable', 'main'],
  folder: 'dists/stable/',
  indices: { 'main/binary-amd64/Packages': listing() },
}

test.each([
  [
    'without a signature',
    { ...plain, signed: 'not' },
    'signature-invalid',
    'neither InRelease nor Release.gpg',
  ],
  ['where nothing is', { ...plain, line: ['', 'other', 'main'] }, 'network', 'dists/other/InRelease'],
  ['that is forbidden', { ...plain, line: ['', 'other', 'main'], absent: 403 }, 'network', 'status 403'],
  ['of another suite', { ...plain, fields: { Suite: 'a', Codename: 'b' } }, 'bad-index', 'found b, a'],
  ['of another architecture', { ...plain, line: ['', 'stable', 'extra'] }, 'bad-recipe', 'component extra'],
  [
    'whose paths lead out',
    { ...plain, indices: { 'main/binary-amd64/Packages': listing('./../../x.deb') } },
    'bad-index',
    'no proper Filename',
  ],
] as const)('a repository %s is refused', async (_, layout, code, words) => {
  const error = await failure((await opened(layout as Layout)).source.index('amd64'))
  expect(error.code).toBe(code)
  expect(error.message).toContain(words)
})
