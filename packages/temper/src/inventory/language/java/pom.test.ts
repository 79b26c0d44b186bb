import { describe, expect, test } from 'vitest'
import { readPom } from './pom.ts'

const project = (inside: string) => `<?xml version="1.0"?><project xmlns="urn:pom">${inside}</project>`
const dependency = (inside: string) => `<dependency>${inside}</dependency>`
const named = (group: string, artifact: string, more = '') =>
  dependency(`<groupId>${group}</groupId><artifactId>${artifact}</artifactId>${more}`)

describe('a pom.xml', () => {
  test('says what it is, with what it inherits and its own properties', async () => {
    const { self, licences } = await readPom(
      project(`<parent><groupId>org.x</groupId><version>1.0</version></parent>
        <artifactId> lib-\${kind} </artifactId><properties><kind>core</kind></properties>
        <licenses><license><name>MIT</name></license><license><name></name></license></licenses>`),
    )
    expect(self).toEqual({ group: 'org.x', artifact: 'lib-core', version: '1.0' })
    expect(licences).toEqual(['MIT'])
  })

  test.each([
    ['without an artefact', '<groupId>g</groupId><version>1</version>'],
    [
      'whose version only another file knows',
      `<groupId>g</groupId><artifactId>a</artifactId><version>\${revision}</version>`,
    ],
    [
      'whose version is itself',
      `<groupId>g</groupId><artifactId>a</artifactId><version>\${project.version}</version>`,
    ],
  ])('%s names nothing', async (_, inside) => {
    expect((await readPom(project(inside))).self).toBeUndefined()
  })

  test('has dependencies, whose versions it may manage', async () => {
    const { dependencies } = await readPom(
      project(`<groupId>org.x</groupId><version>1.0</version><properties><v>2.0</v></properties>
        <dependencyManagement><dependencies>${named('g', 'b', `<version>\${v}</version><scope>runtime</scope>`)}
        ${named('g', 'unused', '<version>9</version>')}</dependencies></dependencyManagement>
        <dependencies>${named(`\${project.groupId}`, 'a', `<version>\${pom.version}</version>`)}
        ${named('g', 'b', '<scope>test</scope>')}${named('g', 'c', `<version>\${gone}</version>`)}</dependencies>
        <build><plugins><plugin><dependencies>${named('g', 'plugin')}</dependencies></plugin></plugins></build>`),
    )
    expect(dependencies).toEqual([
      { group: 'org.x', artifact: 'a', version: '1.0' },
      { group: 'g', artifact: 'b', version: '2.0', scope: 'test' },
      { group: 'g', artifact: 'c', version: `\${gone}` },
    ])
  })

  test.each([
    ['no XML', 'nothing', 'bad-archive'],
    ['XML that breaks off', '<project><artifactId>', 'bad-archive'],
    ['nested too deeply', '<a>'.repeat(100) + '</a>'.repeat(100), 'limit-exceeded'],
    [
      'with too many dependencies',
      project(`<dependencies>${named('g', 'a').repeat(20_001)}</dependencies>`),
      'limit-exceeded',
    ],
  ])('that is %s is refused', async (_, text, code) => {
    await expect(readPom(text)).rejects.toMatchObject({ code })
  })

  test('properties that name each other end somewhere', async () => {
    const circle = `<properties><a>\${b}\${b}</a><b>\${a}\${a}</b></properties>`
    const { self } = await readPom(
      project(`${circle}<groupId>g</groupId><artifactId>a</artifactId><version>\${a}</version>`),
    )
    expect(self).toBeUndefined()
  })
})
