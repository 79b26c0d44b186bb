import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { buildZip, type SampleEntry } from '../../../formats/zip/fixtures/sample.ts'
import { catalogueFiles, namesOf } from '../fixtures/sample.ts'
import { javaCataloguer } from './cataloguer.ts'

const marked = 'a name that is well known, in a version that is not'

type Inside = Record<string, string | Uint8Array>

function jar(files: Inside, options: { prefix?: Uint8Array } = {}): Buffer {
  const entries: SampleEntry[] = Object.entries(files).map(([name, content]) => ({ name, content }))
  return buildZip({ entries, ...options })
}

const pom = (group: string, artifact: string, version: string): Inside => ({
  [`META-INF/maven/${group}/${artifact}/pom.properties`]: `#made\nartifactId=${artifact}\ngroupId=${group}\nversion=${version}\n`,
})

const manifest = (...lines: string[]): Inside => ({
  'META-INF/MANIFEST.MF': `Manifest-Version: 1.0\r\n${lines.join('\r\n')}\r\n\r\nName: x\r\nImplementation-Version: 9\r\n`,
})

async function catalogued(path: string, content: Uint8Array) {
  return catalogueFiles(javaCataloguer, { [path]: content })
}

describe('what an archive is', () => {
  test('by pom.properties, with its SHA-1 and the licence of its pom', async () => {
    const bytes = jar({
      ...pom('org.x', 'lib', '1.2.3'),
      'META-INF/maven/org.x/lib/pom.xml':
        '<project><licenses><license><name>Apache-2.0</name></license></licenses></project>',
    })
    expect((await catalogued('opt/lib.jar', bytes)).components).toEqual([
      {
        type: 'maven',
        name: 'org.x:lib',
        version: '1.2.3',
        purl: 'pkg:maven/org.x/lib@1.2.3',
        licence: 'Apache-2.0',
        sha1: createHash('sha1').update(bytes).digest('hex'),
        locations: [{ path: 'opt/lib.jar' }],
        foundBy: 'java',
      },
    ])
  })

  test('shaded: each pom.properties is one, the archive is the one that it is named after', async () => {
    const shaded = jar({ ...pom('org.x', 'app', '1'), ...pom('org.y', 'dep', '2') })
    const { components } = await catalogued('app-1.jar', shaded)
    expect(
      components.map(({ name, locations, sha1 }) => [name, locations[0]?.path, sha1 !== undefined]),
    ).toEqual([
      ['org.y:dep', 'app-1.jar!/META-INF/maven/org.y/dep/pom.properties', false],
      ['org.x:app', 'app-1.jar', true],
    ])
    const unnamed = jar({
      ...manifest('Implementation-Version: 3'),
      ...pom('a', 'b', '1'),
      ...pom('c', 'd', '2'),
    })
    expect(namesOf(await catalogued('bundle.jar', unnamed))).toEqual(['a:b 1', 'bundle:bundle 3', 'c:d 2'])
  })

  test('of two groups that publish the artefact in one version: whose name its bundle has', async () => {
    const both = { ...pom('org.core', 'jaxb', '4'), ...pom('com.old', 'jaxb', '4') }
    const self = async (...lines: string[]) => {
      const bytes = jar({ ...manifest(...lines), ...both })
      const own = (await catalogued('jaxb-4.jar', bytes)).components.find(({ sha1 }) => sha1 !== undefined)
      return [own?.name, own?.guessedFrom]
    }
    expect(await self('Bundle-SymbolicName: com.old.jaxb')).toEqual(['com.old:jaxb', undefined])
    expect(await self('Automatic-Module-Name: org.core.jaxb')).toEqual(['org.core:jaxb', undefined])
    expect(await self('Bundle-Name: JAXB')).toEqual(['org.core:jaxb', 'one of several poms'])
    // Another version was put into it.
    const shaded = jar({ ...pom('org.core', 'jaxb', '3'), ...pom('com.old', 'jaxb', '4') })
    expect(namesOf(await catalogued('jaxb-4.jar', shaded))).toEqual(['com.old:jaxb 4', 'org.core:jaxb 3'])
  })

  test('by the pom.xml alone', async () => {
    const text =
      '<project><parent><groupId>org.x</groupId><version>4</version></parent><artifactId>only</artifactId></project>'
    const bytes = jar({ 'META-INF/maven/org.x/only/pom.xml': text })
    expect(namesOf(await catalogued('whatever.jar', bytes))).toEqual(['org.x:only 4'])
  })

  test.each<[string, string[], string | undefined]>([
    ['commons-io-2.11.0.jar', [], 'commons-io:commons-io 2.11.0'],
    ['spring-core-5.3.20.jar', ['Implementation-Version: 5.3.20'], 'org.springframework:spring-core 5.3.20'],
    ['groovy-2.4.21-indy.jar', [], 'org.codehaus.groovy:groovy 2.4.21'],
    ['groovy-json-4.0.1.jar', [], 'org.apache.groovy:groovy-json 4.0.1'],
    ['guava-31.1-jre.jar', ['Bundle-SymbolicName: com.google.guava'], 'com.google.guava:guava 31.1-jre'],
    ['kafka_2.13-3.4.0.jar', ['Version: 3.4.0'], 'org.apache.kafka:kafka_2.13 3.4.0'],
    ['jdbc-v2-0.10.0.jar', ['Implementation-Vendor-Id: com.firm'], 'com.firm:jdbc-v2 0.10.0'],
    ['derby-10.14.2.0.jar', ['Bundle-SymbolicName: derby'], 'org.apache.derby:derby 10.14.2.0'],
    [
      'mysql-connector-java-8.0.28.jar',
      ['Bundle-SymbolicName: com.mysql.cj', 'Implementation-Vendor-Id: com.mysql'],
      'mysql:mysql-connector-java 8.0.28',
    ],
    ['xercesImpl-2.12.0.jar', [], 'xerces:xercesImpl 2.12.0'],
    ['dom4j-2.1.1.jar', [], 'org.dom4j:dom4j 2.1.1'],
    ['dom4j-1.6.1.jar', [], 'dom4j:dom4j 1.6.1'],
    ['velocity-1.7.jar', ['Bundle-SymbolicName: org.apache.velocity'], 'org.apache.velocity:velocity 1.7'],
    ['x-core-1.0.jar', ['Bundle-SymbolicName: org.', ' x.core;singleton:=true'], 'org.x:x-core 1.0'],
    // Behind a whole domain, what the bundle and the artefact have in common is a group below it.
    ['thing-core-1.0.jar', ['Bundle-SymbolicName: com.made.thing.core'], 'com.made.thing:thing-core 1.0'],
    ['thing-1.0.jar', ['Bundle-SymbolicName: com.example.thing'], 'com.example:thing 1.0'],
    ['thing-1.0.jar', ['Bundle-SymbolicName: org.apache.thing'], 'org.apache.thing:thing 1.0'],
    ['thing-1.0.jar', ['Automatic-Module-Name: com.example.thing'], 'com.example:thing 1.0'],
    // A domain that many have groups below.
    [
      'microsoft-thing-core-1.0.jar',
      ['Automatic-Module-Name: com.microsoft.thing.core'],
      'com.microsoft.thing:microsoft-thing-core 1.0',
    ],
    ['thing-1.0.jar', ['Implementation-Vendor-Id: org.vendor'], 'org.vendor:thing 1.0'],
    ['thing.jar', ['Specification-Version: 2.0', 'Bundle-Version: 2.0.1'], 'thing:thing 2.0.1'],
    ['thing.jar', ['Implementation-Version: \u0024{project.version}'], undefined],
    ['a-b-1.0.jar', ['Implementation-Title: org.made#b;1.0'], 'org.made:a-b 1.0'],
    ['a-b-c-1.0.jar', ['Implementation-Title: org.made#b;1.0'], 'org.made:a-b-c 1.0'],
    ['b.jar', ['Implementation-Title: org.made#b;1.0'], 'org.made:b 1.0'],
    ['git.hpi', ['Short-Name: git', 'Group-Id: org.ci', 'Plugin-Version: 5.0 (x)'], 'org.ci:git 5.0'],
    ['application.jar', [], undefined],
  ])('%s %j', async (name, lines, expected) => {
    const names = namesOf(await catalogued(`opt/${name}`, jar(manifest(...lines))))
    expect(names).toEqual(expected === undefined ? [] : [expected])
  })

  test.each<[string, readonly string[], string, string | undefined]>([
    [
      'tool-1.0.jar',
      ['com/example/tool/A.class', 'com/example/tool/b/B.class'],
      'com.example:tool',
      'packages',
    ],
    ['tool-1.0.jar', ['org/apache/tool/A.class'], 'org.apache.tool:tool', 'packages'],
    ['tool-1.0.jar', ['uk/co/firm/tool/A.class'], 'uk.co.firm:tool', 'packages'],
    ['tool-1.0.jar', ['META-INF/versions/9/a/b/C.class', 'module-info.class'], 'tool:tool', 'file name'],
    ['tool-1.0.jar', ['com/a/A.class', 'org/b/B.class'], 'tool:tool', 'file name'],
    ['tool-1.0.jar', ['META-INF/native-image/org.made/tool/x.json'], 'org.made:tool', undefined],
    // Of something that was put into it.
    ['tool-1.0.jar', ['META-INF/native-image/org.made/other/x.json'], 'tool:tool', 'file name'],
    // A name that somebody else is well known for.
    [
      'junit-jupiter-1.21.jar',
      ['org/testcontainers/junit/A.class'],
      'org.testcontainers:junit-jupiter',
      'published names',
    ],
    ['h2-2.3.jar', ['org/h2/Driver.class'], 'com.h2database:h2', 'published names'],
    ['okio-3.0.jar', ['okio/Buffer.class'], 'com.squareup.okio:okio', 'published names'],
    [
      'maven-x-plugin-3.0.jar',
      ['org/apache/maven/A.class'],
      'org.apache.maven.plugins:maven-x-plugin',
      'family of names',
    ],
    [
      'jetty-quic-thing-12.0.jar',
      ['org/eclipse/jetty/quic/A.class'],
      'org.eclipse.jetty.quic:jetty-quic-thing',
      'family of names',
    ],
    ['fray-runtime-0.9.jar', ['org/pastalab/fray/A.class'], 'org.pastalab.fray:fray-runtime', 'packages'],
    ['x-java-format-2.jar', ['com/x/javaformat/A.class'], 'com.x.javaformat:x-java-format', 'packages'],
    ['x-java-mcp-3.jar', ['com/x/mcp/A.class'], 'com.x:x-java-mcp', 'packages'],
    ['vertx-codegen-1.jar', ['io/vertx/codegen/A.class'], 'io.vertx:vertx-codegen', undefined],
    ['reactor2-core-1.jar', ['org/reactor2db/core/A.class'], 'org.reactor2db:reactor2-core', 'packages'],
    ['thing-maven-plugin-1.jar', ['org/thingy/maven/A.class'], 'org.thingy:thing-maven-plugin', 'packages'],
    ['r2dbc-thing-1.jar', ['io/asyncer/r2dbc/thing/A.class'], 'io.asyncer:r2dbc-thing', 'family of names'],
    // What others publish again is known by a name that nobody else has.
    [
      'jsonrpc4j-1.6.jar',
      ['com/googlecode/jsonrpc4j/A.class'],
      'com.github.briandilley.jsonrpc4j:jsonrpc4j',
      'published names',
    ],
    // An old group, whose successor has the packages; one that moved.
    ['c3p0-0.9.5.4.jar', ['com/mchange/v2/c3p0/A.class'], 'com.mchange:c3p0', undefined],
    ['rxkotlin-3.0.1.jar', ['io/reactivex/rxkotlin/A.class'], 'io.reactivex.rxjava3:rxkotlin', undefined],
    // Its packages are known to be another's, who published it once.
    ['jna-5.18.1.jar', ['com/sun/jna/A.class'], 'net.java.dev.jna:jna', 'published names'],
    // A name without Scala's version is no relative.
    ['collections_2.13-1.jar', ['sbt/internal/A.class'], 'org.scala-sbt:collections_2.13', 'published names'],
    // A name of many says nothing where packages are somebody's.
    ['core-3.1.0.jar', ['gnu/trove/A.class'], 'gnu.trove:core', 'packages'],
    ['starter-3-3.2.5.jar', ['gg/jte/A.class'], 'gg.jte:starter-3', 'packages'],
    [
      'jackson-jr-all-3.3.0.jar',
      ['tools/jackson/jr/A.class'],
      'tools.jackson.jr:jackson-jr-all',
      'published names',
    ],
    [
      'jackson-new-3.3.0.jar',
      ['tools/jackson/jr/A.class'],
      'tools.jackson.jr:jackson-new',
      'family of names',
    ],
    ['junit-thing-1.0.jar', ['com/x/junit/A.class'], 'com.x:junit-thing', 'packages'],
    // Others have published one of that name.
    ['disruptor-3.4.4.jar', ['com/lmax/disruptor/A.class'], 'com.lmax:disruptor', 'published names'],
    ['je-18.3.jar', ['com/sleepycat/je/A.class'], 'com.sleepycat:je', undefined],
    ['je-18.3.1.wso2v1.jar', ['com/sleepycat/je/A.class'], 'com.sleepycat:je', marked],
    ['jline-2.14.7-sbt-9a88bc4.jar', ['jline/A.class'], 'jline:jline', marked],
    ['je-18.3.1-1.108.0.jar', ['com/sleepycat/je/A.class'], 'com.sleepycat:je', marked],
    ['dom4j-2.1.1.jar', ['org/dom4j/A.class'], 'org.dom4j:dom4j', undefined],
    [
      'geronimo-annotation_1.3_spec-1.3.jar',
      ['javax/annotation/A.class'],
      'org.apache.geronimo.specs:geronimo-annotation_1.3_spec',
      'published names',
    ],
  ])('%s with %j is %s, guessed from %s', async (name, classes, expected, guessedFrom) => {
    const inside = Object.fromEntries(classes.map((path) => [path, 'x']))
    const { components } = await catalogued(`opt/${name}`, jar({ ...manifest(), ...inside }))
    expect(components.map((component) => [component.name, component.guessedFrom])).toEqual([
      [expected, guessedFrom],
    ])
  })

  test.each<[string, string, string, string, string]>([
    ['org/h2/A.class', 'Automatic-Module-Name', 'com.h2made', 'tool-1.jar', 'com.h2made:tool'],
    [
      'a/b/A.class',
      'Automatic-Module-Name',
      'io.micronaut.micronaut_tool',
      'micronaut-tool-1.jar',
      'io.micronaut:micronaut-tool',
    ],
    [
      'com/jcraft/tool/A.class',
      'Bundle-SymbolicName',
      'com.github.mwiede.tool',
      'tool-1.jar',
      'com.github.mwiede:tool',
    ],
    // Well known under that name, but from somebody else.
    ['com/google/common/A.class', 'Bundle-SymbolicName', 'io.maker.guava', 'guava-31.jar', 'io.maker:guava'],
    [
      'com/google/common/A.class',
      'Bundle-SymbolicName',
      'com.google.guava',
      'guava-31.jar',
      'com.google.guava:guava',
    ],
  ])(
    'who publishes packages of others again: %s with %s %s',
    async (path, attribute, value, file, expected) => {
      const { components } = await catalogued(
        file,
        jar({ ...manifest(`${attribute}: ${value}`), [path]: 'x' }),
      )
      expect(components.map(({ name }) => name)).toEqual([expected])
    },
  )

  test('what only one pom names is said to be a guess where the file is called otherwise', async () => {
    const guessed = async (file: string) =>
      (await catalogued(file, jar(pom('g', 'a', '1.0')))).components[0]?.guessedFrom
    expect(await guessed('a-1.0.jar')).toBeUndefined()
    expect(await guessed('renamed.jar')).toBeUndefined()
    expect(await guessed('renamed-1.0.jar')).toBe('the only pom')
    // Published under its number without being built again.
    const [snapshot] = (await catalogued('a-1.0.jar', jar(pom('g', 'a', '1.0-SNAPSHOT')))).components
    expect([snapshot?.version, snapshot?.guessedFrom]).toEqual(['1.0', 'file name'])
    // A word that the build never filled in.
    const [unfilled] = (await catalogued('a-1.0.jar', jar(pom('g', 'a', 'VERSION')))).components
    expect([unfilled?.version, unfilled?.guessedFrom]).toEqual(['1.0', 'file name'])
  })

  test('what pom.properties says is a guess where the name of the file or the manifest says something else', async () => {
    const guessed = async (file: string, names: readonly string[], version = '4.6.0') => {
      const inside = {
        ...manifest(...names),
        ...pom('com.maker.v8', 'v8_macos_x86_64', version),
        'com/maker/v8/V8.class': '',
      }
      const [component] = (await catalogued(file, jar(inside))).components
      return [component?.name, component?.guessedFrom]
    }
    const name = 'com.maker.v8:v8_macos_x86_64'
    const bundle = 'Bundle-SymbolicName: com.maker.v8.macos_x86_64'
    const file = 'v8_macos_x86_64-4.6.0.jar'
    expect(await guessed(file, [bundle])).toEqual([name, undefined])
    expect(await guessed(file, [bundle, 'Automatic-Module-Name: com.maker'])).toEqual([name, undefined])
    // Published once more under a group of somebody else, who has named the module and left the pom.
    expect(await guessed(file, [bundle, 'Automatic-Module-Name: v8_macos_x64'])).toEqual([
      name,
      'pom.properties',
    ])
    expect(await guessed('v8_macos_x86_64-5.0.0.jar', [bundle])).toEqual([name, 'pom.properties'])
    const stamped = 'v8_macos_x86_64-4.6.0-20260102.030405-1.jar'
    expect(await guessed(stamped, [bundle], '4.6.0-SNAPSHOT')).toEqual([name, undefined])
  })

  test.each([
    // Two have published it, and the packages are those of the first.
    ['jaxb-xjc-4.0.9.jar', 'com/sun/tools/xjc/XJC.class', 'com.sun.xml.bind:jaxb-xjc', 'published names'],
    ['xpp3-1.1.6.jar', 'org/xmlpull/mxp1/MXParser.class', 'xpp3:xpp3', 'a well-known name alone'],
    ['gson-2.10.jar', 'com/google/gson/Gson.class', 'com.google.code.gson:gson', undefined],
    ['asm-3.3.1.jar', 'org/objectweb/asm/Type.class', 'asm:asm', undefined],
  ])('%s with %s is %s, as far as two agree', async (file, inside, name, guessedFrom) => {
    const [component] = (await catalogued(file, jar({ [inside]: '' }))).components
    expect([component?.name, component?.guessedFrom]).toEqual([name, guessedFrom])
  })

  test('what only one pom names is the archive, unless the file is of another name and version', async () => {
    const names = async (file: string, ...coordinates: [string, string, string]) =>
      namesOf(await catalogued(file, jar(pom(...coordinates))))
    expect(await names('renamed.jar', 'g', 'a', '1.0')).toEqual(['g:a 1.0'])
    expect(await names('renamed-1.0.jar', 'g', 'a', '1.0')).toEqual(['g:a 1.0'])
    expect(await names('part-of-a-1.0.jar', 'g', 'a', '1.0')).toEqual(['g:part-of-a 1.0'])
    expect(await names('a-1.0.jre8.jar', 'g', 'a', '1.0')).toEqual(['g:a 1.0.jre8'])
    expect(await names('a-1.0-linux-x86_64.jar', 'g', 'a', '1.0')).toEqual(['g:a 1.0'])
    expect(await names('other-2.0.jar', 'g', 'a', '1.0')).toEqual(['g:a 1.0', 'other:other 2.0'])
  })
})

describe('what hides is told', () => {
  test('pom.properties is read however much stands before its lines', async () => {
    const [path = ''] = Object.keys(pom('g', 'hidden', '1'))
    const padded = `${'#'.padEnd(200, 'x')}\n`.repeat(2000)
    const bytes = jar({ [path]: `${padded}groupId=g\r\nartifactId = hidden\r\nversion: 1\r\n` })
    expect(namesOf(await catalogued('any.jar', bytes))).toEqual(['g:hidden 1'])
  })

  test('one that is larger than what is read is noted', async () => {
    const [path = ''] = Object.keys(pom('g', 'hidden', '1'))
    const result = await catalogued('any.jar', jar({ [path]: '\n'.repeat((8 << 20) + 1) }))
    expect(result.notes).toEqual([
      {
        code: 'limit-exceeded',
        message: `any.jar!/${path} could not be read: it is larger than ${8 << 20} bytes`,
        location: { path: `any.jar!/${path}` },
      },
    ])
  })

  test('of more than a hundred unreadable archives, that there are more', async () => {
    const broken = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`lib/${i}.jar`, 'PK nonsense']))
    const { notes } = await catalogued('app.war', jar(broken))
    expect(notes).toHaveLength(101)
    expect(notes.at(-1)).toMatchObject({
      code: 'limit-exceeded',
      message: expect.stringContaining('More in it'),
    })
  })
})

test('modules of the JDK have their files below "classes"', async () => {
  const [path = '', text = ''] = Object.entries(pom('org.openjfx', 'javafx.base', '21'))[0] ?? []
  const jmod = jar({ [`classes/${path}`]: text }, { prefix: Buffer.from('JM\x01\x00', 'latin1') })
  expect(namesOf(await catalogued('jmods/javafx.base.jmod', jmod))).toEqual(['org.openjfx:javafx.base 21'])
})

describe('archives in archives', () => {
  test('are read, with the whole way to them', async () => {
    const war = jar({
      'WEB-INF/lib/b-1.0.jar': jar({ ...pom('g', 'b', '1.0'), 'x/c-2.0.jar': jar(pom('g', 'c', '2.0')) }),
    })
    const { components } = await catalogued('app/a.ear', jar({ 'a.war': war }))
    expect(components.map(({ locations }) => locations[0]?.path)).toEqual([
      'app/a.ear!/a.war!/WEB-INF/lib/b-1.0.jar',
      'app/a.ear!/a.war!/WEB-INF/lib/b-1.0.jar!/x/c-2.0.jar',
    ])
  })

  test('behind a shell script', async () => {
    const boot = jar(
      { 'BOOT-INF/lib/b.jar': jar(pom('g', 'b', '1')) },
      { prefix: Buffer.from('#!/bin/sh\nexit\n') },
    )
    expect(namesOf(await catalogued('app.jar', boot))).toEqual(['g:b 1'])
  })

  test('a damaged one is noted and spoils no other', async () => {
    const outer = jar({ 'a.jar': 'PK nonsense', 'b.jar': jar(pom('g', 'b', '1')) })
    const result = await catalogued('app.war', outer)
    expect(namesOf(result)).toEqual(['g:b 1'])
    expect(result.notes).toEqual([
      {
        code: 'unreadable-archive',
        message: expect.stringContaining('a.jar could not be read: a.jar: not valid zip data'),
        location: { path: 'app.war!/a.jar' },
      },
    ])
  })

  test('too deep ones are noted', async () => {
    let inner = jar(pom('g', 'deep', '1'))
    for (let level = 0; level < 10; level++) inner = jar({ 'n.jar': inner, ...pom('g', `l${level}`, '1') })
    const result = await catalogued('n.jar', inner)
    expect(result.components).toHaveLength(7)
    expect(result.notes.map(({ code }) => code)).toEqual(['limit-exceeded'])
  })

  test('an archive that is none is an error', async () => {
    await expect(catalogued('a.jar', Buffer.from('PK\x03\x04 and nothing else'))).rejects.toThrow(
      /not valid zip/,
    )
    expect((await catalogued('a.jar', Buffer.from('not a zip'))).passed).toEqual(['a.jar'])
  })
})

const projectPom = `<?xml version="1.0"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <groupId>org.mine</groupId><artifactId>mine</artifactId><version>1.0</version>
  <properties><dep.version>\${base}.5</dep.version><base>2</base><loop>\${loop}</loop></properties>
  <dependencyManagement><dependencies>
    <dependency><groupId>g</groupId><artifactId>managed</artifactId><version>3</version></dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency><groupId>g</groupId><artifactId>a</artifactId><version>\${dep.version}</version></dependency>
    <dependency><groupId>g</groupId><artifactId>managed</artifactId></dependency>
    <dependency><groupId>\${project.groupId}</groupId><artifactId>b</artifactId><version>\${project.version}</version></dependency>
    <dependency><groupId>g</groupId><artifactId>t</artifactId><version>1</version><scope>test</scope></dependency>
    <dependency><groupId>g</groupId><artifactId>inherited</artifactId></dependency>
    <dependency><groupId>g</groupId><artifactId>loop</artifactId><version>\${loop}</version></dependency>
    <dependency><groupId>g</groupId><artifactId>range</artifactId><version>[1,2)</version></dependency>
    <dependency><groupId>g</groupId><artifactId>exact</artifactId><version>[7]</version></dependency>
  </dependencies>
</project>`

describe('locks', () => {
  test('pom.xml: what it says itself', async () => {
    const result = await catalogueFiles(javaCataloguer, { 'src/pom.xml': projectPom })
    expect(namesOf(result)).toEqual(['g:a 2.5', 'g:exact 7', 'g:managed 3', 'org.mine:b 1.0'])
    expect(result.notes.map(({ code }) => code)).toEqual(['version-unknown', 'development-left-out'])
    expect(result.notes[0]?.message).toMatch(/^3 of the dependencies/)
  })

  test('gradle.lockfile', async () => {
    const lock = `# comment
org.x:a:1.0=compileClasspath,runtimeClasspath
org.x:t:2.0=testCompileClasspath,testRuntimeClasspath
empty=annotationProcessor
`
    const result = await catalogueFiles(javaCataloguer, { 'gradle.lockfile': lock })
    expect(namesOf(result)).toEqual(['org.x:a 1.0'])
    expect(result.notes.map(({ code }) => code)).toEqual(['development-left-out'])
  })

  test('archives overrule them; unpacked archives are read', async () => {
    const result = await catalogueFiles(javaCataloguer, {
      'app/gradle.lockfile': 'org.x:a:1.0=runtimeClasspath\n',
      'app/WEB-INF/classes/META-INF/maven/org.x/a/pom.properties':
        Object.values(pom('org.x', 'a', '1.1'))[0] ?? '',
      'app/META-INF/maven/org.x/a/pom.xml': projectPom,
    })
    expect(namesOf(result)).toEqual(['org.x:a 1.1'])
  })

  test('what is no XML is an error', async () => {
    await expect(catalogueFiles(javaCataloguer, { 'pom.xml': '<a><b></a>' })).rejects.toThrow(/not XML/)
    const deep = `<project>${'<a>'.repeat(100)}`
    await expect(catalogueFiles(javaCataloguer, { 'pom.xml': deep })).rejects.toThrow(/too deep/)
  })
})
