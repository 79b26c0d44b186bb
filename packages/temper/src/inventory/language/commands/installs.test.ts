import { describe, expect, test } from 'vitest'
import type { Cataloguer } from '../../cataloguer.ts'
import type { LanguageFact } from '../fact.ts'
import { catalogueFiles, namesOf } from '../fixtures/sample.ts'
import { npmCataloguer } from '../npm/cataloguer.ts'
import { pythonCataloguer } from '../python/cataloguer.ts'
import { rubyCataloguer } from '../ruby/cataloguer.ts'
import { cargoCataloguer } from '../rust/cataloguer.ts'

async function read(cataloguer: Cataloguer<LanguageFact>, files: Readonly<Record<string, string>>) {
  const catalogued = await catalogueFiles(cataloguer, files)
  return { names: namesOf(catalogued), notes: catalogued.notes.map(({ message }) => message) }
}

describe('What the commands of a Dockerfile install', () => {
  test.each<[string, Cataloguer<LanguageFact>, string, readonly string[], string?]>([
    [
      'by pip',
      pythonCataloguer,
      'RUN pip install a==1.0 "b[x]==2" c>=3 ./d e.whl git+https://h/f',
      ['a 1.0', 'b 2'],
      'c',
    ],
    [
      'by modules and uv',
      pythonCataloguer,
      'RUN python3 -m pip install a==1 && uv pip install --system b==2',
      ['a 1', 'b 2'],
    ],
    [
      'after options with values',
      pythonCataloguer,
      'RUN pip3 --no-cache-dir install -i x -r y.txt -t z a==1',
      ['a 1'],
    ],
    [
      'with what a variable says',
      pythonCataloguer,
      `ARG A=1\nENV B=2 C 3\nRUN pip install a==$A b==\${B} d==\${D:-4} e==$E`,
      ['a 1', 'b 2', 'd 4'],
      'e',
    ],
    ['as a list', pythonCataloguer, 'RUN ["pip", "install", "a==1"]', ['a 1']],
    ['in a heredoc', pythonCataloguer, 'RUN <<EOF\npip install a==1\nEOF', ['a 1']],
    [
      'over lines, behind mounts',
      pythonCataloguer,
      'RUN --mount=type=cache,target=/x \\\n  A=1 pip install \\\n # why\n  a==1; ls',
      ['a 1'],
    ],
    ['and Python itself brings', pythonCataloguer, 'RUN pip install --upgrade pip setuptools wheel', []],
    ['in words that only look so', pythonCataloguer, 'RUN echo pip install a==1 && pip download b==1', []],
    [
      'by npm',
      npmCataloguer,
      'RUN npm i -g a@1.2.3 @s/b@^2 && pnpm add -g c@3.0.0 && npm install d@1.0.0',
      ['a 1.2.3', 'c 3.0.0'],
      '@s/b',
    ],
    ['by yarn', npmCataloguer, 'RUN yarn global add a@1.2.3 b', ['a 1.2.3'], 'b'],
    [
      'by gem',
      rubyCataloguer,
      'RUN gem install a -v 1.2 --no-document && gem install b:3.0 c',
      ['a 1.2', 'b 3.0'],
      'c',
    ],
    [
      'by cargo',
      cargoCataloguer,
      'RUN cargo install --locked a@1.2.3 && cargo install b --version 2.0.0 && cargo install --path . c',
      ['a 1.2.3', 'b 2.0.0'],
    ],
  ])('%s', async (_, cataloguer, text, names, unpinned) => {
    const result = await read(cataloguer, { 'app/Dockerfile': `FROM scratch\n${text}\n` })
    expect(result.names).toEqual(names)
    expect(result.notes).toEqual(
      unpinned === undefined
        ? []
        : [
            `1 of what the commands of app/Dockerfile install name no single version (${unpinned}): they were compared with nothing`,
          ],
    )
  })

  test.each(['Dockerfile', 'Containerfile.dev', 'web/api.Dockerfile', 'x.dockerfile'])(
    'are read in %s',
    async (path) => {
      expect((await read(pythonCataloguer, { [path]: 'RUN pip install a==1' })).names).toEqual(['a 1'])
    },
  )

  test('are not read in tests and examples', async () => {
    expect((await read(pythonCataloguer, { 'examples/Dockerfile': 'RUN pip install a==1' })).names).toEqual(
      [],
    )
  })

  test('are no lock of the project beside them, and not overruled by one', async () => {
    const files = {
      Dockerfile: 'RUN npm i -g tool@1.0.0',
      'package.json': '{"name":"own","version":"2.0.0"}',
    }
    expect((await read(npmCataloguer, files)).names).toEqual(['own 2.0.0', 'tool 1.0.0'])
    const lock = '{"lockfileVersion":3,"packages":{"":{},"node_modules/dep":{"version":"3.0.0"}}}'
    expect((await read(npmCataloguer, { ...files, 'package-lock.json': lock })).names).toEqual([
      'dep 3.0.0',
      'tool 1.0.0',
    ])
  })

  test('count for nothing in a system, where they have run', async () => {
    const bytes = Buffer.from('RUN pip install a==1 b')
    const head = { path: 'app/Dockerfile', size: bytes.length, mode: 0o644, start: bytes.subarray(0, 32) }
    const fact = await pythonCataloguer.read({ ...head, bytes })
    expect(fact).toBeDefined()
    const facts = fact === undefined ? [] : [{ location: { path: head.path }, fact }]
    const distribution = { id: 'debian', version: '13' }
    const system = pythonCataloguer.combine(facts, { has: () => true, distribution })
    expect([system.components, system.notes]).toEqual([[], []])
    expect(pythonCataloguer.combine(facts, { has: () => true }).components).toHaveLength(1)
  })

  test('count for nothing where most of it is installed', async () => {
    const installed = { 'usr/lib/python3/site-packages/a-2.dist-info/METADATA': 'Name: a\nVersion: 2\n' }
    expect(
      (await read(pythonCataloguer, { Dockerfile: 'RUN pip install a==1', ...installed })).names,
    ).toEqual(['a 2'])
  })
})
