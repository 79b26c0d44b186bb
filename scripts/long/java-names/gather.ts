import { glob, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const list = new URL(
  '../../../packages/temper/src/inventory/language/java/groups/published.txt',
  import.meta.url,
)

/**
 * Adds to the names of archives that ship with Temper those that are named below folders: by locks and checksums of Gradle, locks of
 * Bazel and of Gradle's plugin for consistent versions, lists of what was looked through for its licence, and poms (bills of materials above all). Names only, no versions: facts of who publishes what.
 */
export async function gatherNames(folders: readonly string[]): Promise<boolean> {
  const groups = new Map<string, Set<string>>()
  for (const line of (await readFile(list, 'utf8')).split('\n')) {
    const [group = '', ...artifacts] = line.split(/:? /)
    for (const artifact of artifacts) add(groups, group, artifact)
  }
  const before = count(groups)
  for (const folder of folders)
    for await (const path of glob(
      '**/{*.{lockfile,xml,json,pom,tsv},versions.lock,DEPENDENCIES,LICENSE-binary}',
      { cwd: folder },
    ))
      for (const [group, artifact] of namesIn(path, await readFile(join(folder, path), 'utf8')))
        add(groups, group, artifact)
  const lines = [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
  await writeFile(
    list,
    lines.map(([group, artifacts]) => `${group}: ${[...artifacts].sort().join(' ')}\n`).join(''),
  )
  console.log(`${count(groups)} names of ${groups.size} groups, ${count(groups) - before} of them new`)
  return true
}

const part = '[A-Za-z][\\w.-]*'

/** Where each kind of file names a group and an artefact. */
const patterns: readonly (readonly [RegExp, RegExp])[] = [
  [/\.lockfile$/, new RegExp(`^(${part}):([\\w.-]+):[^:=\\s]+=`, 'gm')],
  [/versions\.lock$/, new RegExp(`^(${part}):([\\w.-]+):\\S+ \\(`, 'gm')],
  [
    /verification-metadata\.xml$/,
    new RegExp(`<component group="(${part})" name="([\\w.-]+)"[^>]*>(?=[^]*?\\.jar")`, 'g'),
  ],
  [/_install\.json$/, new RegExp(`"(${part}):([\\w.-]+)"`, 'g')],
  [
    /\.pom$|(?:^|\/)pom\.xml$/,
    new RegExp(
      `<dependency>\\s*<groupId>(${part})</groupId>\\s*<artifactId>([\\w.-]+)</artifactId>(?!(?:(?!</dependency>)[^])*<type>pom)`,
      'g',
    ),
  ],
  // Names of others that were gathered before, a group and an artefact in a line.
  [/\.tsv$/, new RegExp(`^(${part})\\t([\\w.-]+)(?:\\t|$)`, 'gm')],
  // Of projects of Eclipse and Apache: what they have looked through the licences of.
  [/DEPENDENCIES$/, new RegExp(`^maven/mavencentral/(${part})/([\\w.-]+)/`, 'gm')],
  [/LICENSE-binary$/, new RegExp(`^[\\s*-]*(${part}):([A-Za-z][\\w.-]+):\\d`, 'gm')],
]

/** What examples and tests are called. */
const madeUp =
  /^(?:(?:com|org|net|io|my)\.)?(?:acme|bar|company|demo|dummy|example|foo|group|mycompany|sample|test|x)(?:\.|$)/i

function* namesIn(path: string, text: string): Generator<readonly [string, string]> {
  for (const [file, names] of patterns)
    if (file.test(path))
      for (const [, group = '', artifact = ''] of text.matchAll(names)) yield [group, artifact]
}

function add(groups: Map<string, Set<string>>, group: string, artifact: string): void {
  // What Gradle finds plugins by: a pom alone.
  if (artifact.endsWith('.gradle.plugin') || madeUp.test(group)) return
  const artifacts = groups.get(group)
  if (artifacts === undefined) groups.set(group, new Set([artifact]))
  else artifacts.add(artifact)
}

function count(groups: ReadonlyMap<string, ReadonlySet<string>>): number {
  return [...groups.values()].reduce((sum, { size }) => sum + size, 0)
}
