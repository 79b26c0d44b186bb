import { describe, expect, test } from 'vitest'
import { sampleImage } from '../../../formats/layer/fixtures/sample-image.ts'
import { buildZip } from '../../../formats/zip/fixtures/sample.ts'
import { dpkgCataloguer } from '../../dpkg/cataloguer.ts'
import { bookworm, file, list, stanza, status } from '../../fixtures/sample-tree.ts'
import { readImageInventory } from '../../reading/image.ts'
import { javaCataloguer } from './cataloguer.ts'

type Inside = Readonly<Record<string, string>>

const jar = (files: Inside) =>
  buildZip({ entries: Object.entries(files).map(([name, content]) => ({ name, content })) })
const pom = (artifact: string, version: string): Inside => ({
  [`META-INF/maven/org.x/${artifact}/pom.properties`]: `artifactId=${artifact}\ngroupId=org.x\nversion=${version}\n`,
})
const manifest = (...lines: readonly string[]): Inside => ({
  'META-INF/MANIFEST.MF': `Manifest-Version: 1.0\n${lines.join('\n')}\n`,
})
const code = { 'org/made/A.class': '' }

async function read(path: string, files: Inside, ...packages: Parameters<typeof sampleImage>[0][number]) {
  const image = sampleImage([[bookworm, ...packages, file(path, jar(files))]])
  const inventory = await readImageInventory(image, { cataloguers: [dpkgCataloguer, javaCataloguer] })
  const java = inventory.components.filter(({ type }) => type === 'maven')
  return {
    names: java.map(({ name, version }) => `${name} ${version}`),
    notes: inventory.notes.map((note) => `${note.code} ${note.location?.path}`),
  }
}

describe('a library that does not say what it is', () => {
  test('is told', async () => {
    expect(await read('opt/tool.jar', code)).toEqual({
      names: [],
      notes: ['archive-unnamed opt/tool.jar'],
    })
  })

  test('is spoken for by the package that brought it', async () => {
    const brought = [status(stanza('libtool-java', '1-1')), list('libtool-java', 'usr/share/java/tool.jar')]
    expect(await read('usr/share/java/tool.jar', code, ...brought)).toEqual({ names: [], notes: [] })
  })

  test.each<[string, Inside]>([
    ['without code', { 'a.txt': '' }],
    ['that is an application', { ...code, 'BOOT-INF/lib/b-1.0.jar': 'x' }],
  ])('is nothing to tell %s', async (_, files) => {
    const { notes } = await read('opt/tool.jar', files)
    expect(notes.filter((note) => note.startsWith('archive-unnamed opt'))).toEqual([])
  })
})

describe('the only pom in an archive whose file tells no version', () => {
  const guice = manifest(
    'Bundle-Name: guice',
    'Bundle-SymbolicName: com.google.inject',
    'Bundle-Version: 4.2.3',
  )

  test('is of something inside, where the manifest agrees with the file and has another version', async () => {
    const { names } = await read('opt/guice.jar', {
      'com/google/inject/A.class': '',
      ...pom('cglib', '3.2.12'),
      ...guice,
    })
    expect(names).toEqual(['com.google.inject:guice 4.2.3', 'org.x:cglib 3.2.12'])
  })

  test.each<[string, Inside]>([
    ['says nothing of versions', manifest('Bundle-Name: app')],
    ['has the same version', manifest('Bundle-Name: app', 'Bundle-Version: 1.2.0.SNAPSHOT')],
    ['is of another name', manifest('Bundle-Name: Something', 'Bundle-Version: 7')],
  ])('is the archive itself, where the manifest %s', async (_, made) => {
    expect((await read('opt/app.jar', { ...code, ...pom('real', '1.2'), ...made })).names).toEqual([
      'org.x:real 1.2',
    ])
  })
})

test("versions of Debian's files may have a tilde", async () => {
  expect((await read('opt/jsr305-0.1~+svn49.jar', code)).names).toEqual([
    'com.google.code.findbugs:jsr305 0.1~+svn49',
  ])
})
