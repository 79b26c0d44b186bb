import { describe, expect, test } from 'vitest'
import { statements } from './stated.ts'

/** What an archive with these files and attributes says of itself, as "group:artifact:version". */
function said(files: Readonly<Record<string, string>>, manifest: Readonly<Record<string, string>> = {}) {
  return statements({
    names: Object.keys(files),
    manifest: new Map(Object.entries(manifest)),
    text: (name) => files[name],
  }).map(({ group, artifact, version }) => [group, artifact, version].filter(Boolean).join(':'))
}

describe('an archive says what it is', () => {
  test.each<[Record<string, string>, string[]]>([
    [{ 'implementation-title': 'org.made#b;1.0' }, ['org.made:b:1.0']],
    [{ 'implementation-title': 'org.made:b' }, ['org.made:b']],
    [{ name: 'org.made:b:1.0' }, ['org.made:b:1.0']],
    [{ 'implementation-title': 'A Tool: made by us' }, []],
    [{ 'maven-group-id': 'org.made', 'maven-artifact-id': 'b' }, ['org.made:b']],
    [{ groupid: 'org.made' }, ['org.made']],
    [{ 'sdk-package': 'maven:org.made:b' }, ['org.made:b']],
    [{ anything: 'org.made:b:1.0' }, ['org.made:b:1.0']],
    [{ 'x-time': '12:30:01', 'scm-url': 'scm:git:https://a.example/b', 'built-by': 'a:b' }, []],
    [{ 'project-groupid': 'org.made' }, ['org.made']],
  ])('in its manifest: %j', (manifest, expected) => {
    expect(said({}, manifest)).toEqual(expected)
  })

  test.each<[string, string, string[]]>([
    ['META-INF/native-image/org.made/b/reflect.json', '', ['org.made:b']],
    ['META-INF/org.made/b/version.properties', '', ['org.made:b']],
    ['META-INF/androidx.core_core-ktx.version', '1.9.0', ['androidx.core:core-ktx']],
    ['META-INF/org.made_b.kotlin_module', '', ['org.made']],
    ['META-INF/org.made_b_main.kotlin_module', '', ['org.made']],
    ['META-INF/b.kotlin_module', '', []],
    // Folders of versions and services are no groups.
    ['META-INF/versions/9/A.class', '', []],
    ['META-INF/services/org.x.Y', '', []],
    ['META-INF/quarkus-extension.yaml', 'name: "X"\nartifact: "org.made:b::jar:1.0"\n', ['org.made:b']],
    [
      'META-INF/quarkus-extension.properties',
      'x=1\ndeployment-artifact=org.made\\:b-deployment\\:1.0\n',
      ['org.made:b'],
    ],
    [
      'META-INF/maven/plugin.xml',
      '<plugin><name>X</name><groupId>org.made</groupId><artifactId>b</artifactId><version>1.0</version><mojos><groupId>c</groupId></mojos></plugin>',
      ['org.made:b:1.0'],
    ],
    ['META-INF/maven/plugin.xml', '<plugin><mojos><groupId>c</groupId></mojos></plugin>', []],
    [
      'BOOT-INF/classes/META-INF/build-info.properties',
      'build.artifact=b\nbuild.group=org.made\nbuild.version=1.0\n',
      ['org.made:b:1.0'],
    ],
    ['META-INF/build-info.properties', 'build.artifact=b\n', []],
    [
      'META-INF/sbom/application.cdx.json',
      '{"metadata":{"component":{"purl":"pkg:maven/org.made/b@1.0"}}}',
      ['org.made:b:1.0'],
    ],
    ['META-INF/sbom/bom.json', '{"metadata":{"component":{"purl":"pkg:npm/b@1.0"}}}', []],
    ['META-INF/sbom/bom.json', 'oops', []],
    ['META-INF/resources/webjars/jquery/3.7.1/package.json', '{}', ['org.webjars.npm:jquery:3.7.1']],
    ['META-INF/resources/webjars/jquery/3.7.1/jquery.js', '', []],
    ['META-INF/resources/_static/htm/3.1.1/htm.mjs', '', ['org.mvnpm:htm:3.1.1']],
  ])('in %s', (name, text, expected) => {
    expect(said({ [name]: text })).toEqual(expected)
  })
})
