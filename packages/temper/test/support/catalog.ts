import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { BuildResult } from '../../src/flows/build/result.ts'
import { once } from './once.ts'
import { temperJson } from './temper-cli.ts'

export const catalogNames = ['static', 'nginx', 'python', 'jre', 'postgres'] as const
export type CatalogName = (typeof catalogNames)[number]

/** Images whose layers are as small as they can be made: that takes longer than everything else that is done for them. */
const compressedHard: readonly CatalogName[] = ['jre']

/** What a command builds the image from: its name, or a recipe that is the same but for how hard its layers are compressed. */
export async function catalogRecipe(name: CatalogName): Promise<string> {
  if (!compressedHard.includes(name)) return name
  const home = join(inject('sharedFolder'), 'recipes')
  const path = join(home, `${name}.yaml`)
  await once(`recipe-${name}`, async () => {
    await mkdir(home, { recursive: true })
    await writeFile(path, `name: ${name}\nextends: ${name}\noutput: { level: 1 }\n`)
  })
  return path
}

/** Path of a lock for an image of the catalogue: made once in a run, so that all tests build the same. */
export async function catalogLock(name: CatalogName): Promise<string> {
  // Not in the working folder of the tests, where a build of that name would find it.
  const path = join(inject('sharedFolder'), 'locks', `${name}.lock.json`)
  await once(`lock-${name}`, async () => {
    await temperJson(['lock', await catalogRecipe(name), '-o', path])
  })
  return path
}

export interface BuiltImage {
  /** Folder of the OCI layout. */
  readonly layout: string
  readonly result: BuildResult
}

/** The image of the catalogue as built from its lock for this machine's platform, once in a run. */
export async function catalogImage(name: CatalogName): Promise<BuiltImage> {
  const lock = await catalogLock(name)
  const layout = join(inject('sharedFolder'), 'images', name)
  const answer = `${layout}.json`
  await once(`image-${name}`, async () => {
    const args = ['build', await catalogRecipe(name), '--lock', lock, '-o', layout]
    const result = await temperJson<BuildResult>(args)
    await writeFile(answer, JSON.stringify(result))
  })
  return { layout, result: JSON.parse(await readFile(answer, 'utf8')) }
}

/**
 * Reads what the archive has for the other platform into the shared cache, once in a run: whoever builds for it needs that, and
 * several do.
 */
export async function readOtherPlatform(): Promise<void> {
  const path = join(inject('sharedFolder'), 'locks', 'other-platform.lock.json')
  await once('other-platform', async () => {
    await temperJson(['lock', 'static', '--platform', 'linux/arm64', '--no-prepare', '-o', path])
  })
}
