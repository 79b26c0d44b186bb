import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildZip } from '../../formats/zip/fixtures/sample.ts'
import { findApplication } from './application.ts'
import { beginRecipe } from './begin.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-begin-java-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const jar = (manifest: string, ...names: readonly string[]) =>
  buildZip({
    entries: [
      { name: 'META-INF/MANIFEST.MF', content: `Manifest-Version: 1.0\r\n${manifest}\r\n` },
      ...names.map((name) => ({ name, content: 'x' })),
    ],
  })

const pom = (more: string) =>
  `<project><groupId>a</groupId><artifactId>shop</artifactId><version>1.2</version>${more}</project>`
const shade = (name: string) =>
  `<build><plugins><plugin><configuration><archive><manifest><mainClass>${name}</mainClass></manifest></archive></configuration></plugin></plugins></build>`

/** How a pom.xml names a property of its own. */
const filled = ['$', '{main}'].join('')

/** What a recipe starts, and the files that it adds, for what lies in a folder. */
async function begun(files: Readonly<Record<string, string | Uint8Array>>) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  const application = await findApplication(folder)
  const draft = beginRecipe({ name: 'shop', ports: [], ...application })
  return [draft.entrypoint.slice(1).join(' '), draft.files.map(({ source, path }) => `${source}=${path}`)]
}

it.each<[string, Readonly<Record<string, string | Uint8Array>>, string, readonly string[]]>([
  [
    'an archive that can be started',
    { 'app.jar': jar('Main-Class: a.Main') },
    '-jar /app/app.jar',
    ['app.jar=/app/app.jar'],
  ],
  [
    'the one among others that can',
    {
      'pom.xml': pom(''),
      'target/shop-1.2-sources.jar': jar('Main-Class: a.Main'),
      'target/a.jar': jar(''),
      'target/shop-1.2.jar': jar('Main-Class: a.Main'),
    },
    '-jar /app/shop-1.2.jar',
    ['target/shop-1.2.jar=/app/shop-1.2.jar'],
  ],
  [
    'one whose libraries are locked, and which knows nothing of them',
    { 'lockfile.json': '{}', 'target/shop.jar': jar('Main-Class: a.Main') },
    '-cp /app/shop.jar:/app/lib/* a.Main',
    ['target/shop.jar=/app/shop.jar'],
  ],
  [
    'one that has its libraries inside, or names them',
    { 'lockfile.json': '{}', 'shop.jar': jar('Main-Class: boot.Launcher', 'BOOT-INF/lib/b.jar') },
    '-jar /app/shop.jar',
    ['shop.jar=/app/shop.jar'],
  ],
  [
    'the class that the pom names, of an archive that names none',
    { 'pom.xml': pom(shade('a.b.Main')), 'target/shop-1.2.jar': jar('') },
    '-cp /app/shop-1.2.jar a.b.Main',
    ['target/shop-1.2.jar=/app/shop-1.2.jar'],
  ],
  [
    'what Maven will make, by a property',
    {
      'pom.xml': pom(`<properties><main>a.Main</main></properties>${shade(filled)}`),
      'lockfile.json': '{}',
    },
    '-cp /app/shop-1.2.jar:/app/lib/* a.Main',
    ['target/shop-1.2.jar=/app/shop-1.2.jar'],
  ],
  [
    'the class that Gradle starts',
    { 'build.gradle.kts': 'application { mainClass.set("shop.MainKt") }', 'build/libs/shop.jar': jar('') },
    '-cp /app/shop.jar shop.MainKt',
    ['build/libs/shop.jar=/app/shop.jar'],
  ],
  [
    'the class of the application among those of other tasks, and not one that is commented out',
    {
      'build.gradle.kts': `
tasks { val make by creating(JavaExec::class) { mainClass.set("tool.Generator") } }
application {
    // mainClass.set("old.Main")
    mainClass.set("shop.MainKt")
}`,
      'build/libs/shop-plain.jar': jar('Main-Class: no.One'),
      'build/libs/shop.jar': jar(''),
    },
    '-cp /app/shop.jar shop.MainKt',
    ['build/libs/shop.jar=/app/shop.jar'],
  ],
  [
    'nothing that only a task runs while building',
    {
      'build.gradle': "task gen(type: JavaExec) { mainClass = 'tool.Generator' }",
      'build/libs/shop.jar': jar(''),
    },
    '-jar /app/shop.jar',
    ['build/libs/shop.jar=/app/shop.jar'],
  ],
  [
    'the class of the archive before that which a plug-in of Maven runs',
    {
      'pom.xml': pom(
        shade('a.Main').replace(
          '<plugins>',
          '<plugins><plugin><configuration><mainClass>tool.Generator</mainClass></configuration></plugin>',
        ),
      ),
    },
    '-cp /app/shop-1.2.jar a.Main',
    ['target/shop-1.2.jar=/app/shop-1.2.jar'],
  ],
  [
    'the attribute in a build file of Gradle',
    {
      'build.gradle': "jar { manifest { attributes 'Main-Class': 'a.Main' } }",
      'build/libs/shop.jar': jar(''),
    },
    '-cp /app/shop.jar a.Main',
    ['build/libs/shop.jar=/app/shop.jar'],
  ],
  [
    'what is no archive as before',
    { 'shop.jar': 'no archive' },
    '-jar /app/shop.jar',
    ['shop.jar=/app/shop.jar'],
  ],
  [
    'no class that is none, and nothing of a folder with a build file that names none',
    { 'pom.xml': pom(shade('a; rm -rf /')), 'build.gradle': 'mainClass = "-version"' },
    '',
    [],
  ],
  ['nothing of a build file that is damaged', { 'pom.xml': '<project><a></b>' }, '', []],
])('starts %s', async (_, files, words, added) => {
  expect(await begun(files)).toEqual([words, added])
})
