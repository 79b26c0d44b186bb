import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readArchiveName } from './coordinates.ts'
import { identify } from './identity.ts'
import { publishedNames } from './published.ts'
import type { Stated } from './stated.ts'

/*
 * Three hundred real archives of Maven's central repository, by what is in them besides what Maven wrote: `npm run long -- java-names`
 * has taken it out of the archives (docs/reference/java-names.md, the first list).
 */

interface Kept {
  readonly is: string
  readonly file: string
  readonly manifest: Readonly<Record<string, string>>
  readonly packages: string
  readonly statements: readonly Stated[]
}

const lines = gunzipSync(await readFile(new URL('fixtures/real-archives.jsonl.gz', import.meta.url)))
  .toString()
  .trim()
  .split('\n')
const archives = lines.map((line) => JSON.parse(line) as Kept)

test('of 300 real archives 97 % are named rightly, and those that are not are said to be guessed', async () => {
  expect(archives.length).toBe(300)
  const groups = Map.groupBy(archives, ({ is }) => is.split(':', 1)[0])
  expect(Math.max(...[...groups.values()].map(({ length }) => length))).toBeLessThanOrEqual(3)
  const published = await publishedNames()
  const named = archives.map(({ is, file, manifest, packages, statements }) => {
    const identity = identify({
      name: readArchiveName(file),
      manifest: new Map(Object.entries(manifest)),
      packages,
      statements,
      published,
    })
    const name =
      identity === undefined ? undefined : `${identity.group}:${identity.artifact}:${identity.version}`
    return { is, name, guessedFrom: identity?.guessedFrom, isRight: name === is }
  })
  const wrong = named.filter(({ isRight }) => !isRight)
  expect(wrong.filter(({ name, guessedFrom }) => name !== undefined && guessedFrom === undefined)).toEqual([])
  // What is flagged has to tell something: no more than half, bare of all that Maven wrote.
  const rightly = named.filter(({ isRight, guessedFrom }) => isRight && guessedFrom !== undefined)
  expect(rightly.length).toBeLessThanOrEqual(archives.length / 2)
  expect(wrong.length, JSON.stringify(wrong, null, 1)).toBeLessThanOrEqual(archives.length * 0.03)
})
