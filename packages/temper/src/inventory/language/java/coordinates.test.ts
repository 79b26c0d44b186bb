import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { coordinates, readArchiveName, readPomProperties } from './coordinates.ts'

describe('the name of an archive', () => {
  test.each([
    ['commons-io-2.11.0.jar', 'commons-io', '2.11.0'],
    ['guava-r09.jar', 'guava-r09', undefined],
    ['app.war', 'app', undefined],
    ['kafka_2.13-3.4.0.jar', 'kafka_2.13', '3.4.0'],
    ['upickle_3-3.1.0.jar', 'upickle_3', '3.1.0'],
    ['jdbc-v2-0.10.0.jar', 'jdbc-v2', '0.10.0'],
    ['storage-v1beta1-0.139.0.jar', 'storage-v1beta1', '0.139.0'],
    ['hibernate-jpa-2.1-api-1.0.0.Final.jar', 'hibernate-jpa-2.1-api', '1.0.0.Final'],
    ['data-2.17-autoconfigure-2.15.0-alpha.jar', 'data-2.17-autoconfigure', '2.15.0-alpha'],
    ['lib-1.2-hadoop-2.7.jar', 'lib', '1.2-hadoop-2.7'],
    ['spock-core-2.0-groovy-3.0.jar', 'spock-core', '2.0-groovy-3.0'],
    ['starter-4-core-3.2.5.jar', 'starter-4-core', '3.2.5'],
    ['small-v2-q-0.36.2.jar', 'small-v2-q', '0.36.2'],
    ['kzg-4844-2.1.8.jar', 'kzg-4844', '2.1.8'],
    ['logback-mdc-1.0-2.12.0-alpha.jar', 'logback-mdc-1.0', '2.12.0-alpha'],
    ['symbols-2.2.20-2.0.3.jar', 'symbols', '2.2.20-2.0.3'],
    ['tool-20040616-1.jar', 'tool', '20040616-1'],
    ['tool-1-beta-2.0.jar', 'tool', '1-beta-2.0'],
    ['tool-v1.2.jar', 'tool', '1.2'],
    ['org.eclipse.osgi_3.18.0.v20220516-2155.jar', 'org.eclipse.osgi', '3.18.0.v20220516-2155'],
    ['geronimo-annotation_1.3_spec-1.3.jar', 'geronimo-annotation_1.3_spec', '1.3'],
    ['j2v8_linux_x86_64-4.6.0.jar', 'j2v8_linux_x86_64', '4.6.0'],
    ['netty-transport-4.1.0.Final-linux-x86_64.jar', 'netty-transport', '4.1.0.Final'],
    ['groovy-3.0.9-indy.jar', 'groovy', '3.0.9'],
    ['lib-1.0-SNAPSHOT.jar', 'lib', '1.0-SNAPSHOT'],
    ['lib-1.0-sources.jar', 'lib', '1.0'],
  ])('%s is %s in version %s', (name, artifact, version) => {
    expect(readArchiveName(name)).toEqual({ artifact, ...(version === undefined ? {} : { version }) })
  })

  test('is put together as it was taken apart', () => {
    const artifact = fc.stringMatching(/^[a-z]{2,8}(-[a-z]{2,8}){0,2}$/)
    const version = fc.stringMatching(/^\d{1,2}(\.\d{1,2}){1,3}$/)
    fc.assert(
      fc.property(artifact, version, (name, number) => {
        expect(readArchiveName(`${name}-${number}.jar`)).toEqual({ artifact: name, version: number })
      }),
    )
  })
})

describe('pom.properties', () => {
  test.each([
    [
      '#Generated\r\nversion=1.0\r\ngroupId = org.x\r\nartifactId: lib\r\n',
      { group: 'org.x', artifact: 'lib', version: '1.0' },
    ],
    ['groupId=a\nartifactId=b\n', undefined],
    [`groupId=a\nartifactId=b\nversion=\${project.version}\n`, undefined],
    ['groupId=a b\nartifactId=b\nversion=1\n', undefined],
    ['xgroupId=a\nartifactId=b\nversion=1\n', undefined],
  ])('%j', (text, expected) => {
    expect(readPomProperties(text)).toEqual(expected)
  })

  test('coordinates have no colon, no space and no gap', () => {
    expect(coordinates('g', 'a', '1')).toEqual({ group: 'g', artifact: 'a', version: '1' })
    for (const part of ['', 'a:b', 'a b', `\${a}`, undefined])
      expect([coordinates(part, 'a', '1'), coordinates('g', part, '1'), coordinates('g', 'a', part)]).toEqual(
        [undefined, undefined, undefined],
      )
  })
})
