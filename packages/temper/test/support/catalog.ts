import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { BuildResult } from '../../src/flows/build/result.ts'
import { once } from './once.ts'
import { temperJson } from './temper-cli.ts'

export const catalogNames = ['static', 'nginx', 'python', 'jre', 'postgres'] as const
export type CatalogName = (typeof catalogNames)[number]

/** Path of a lock for an image of the catalogue: made once in a run, so that all tests build the same. */
export async function catalogLock(name: CatalogName): Promise<string> {
  // Not in the working folder of the tests, where a build of that name would find it.
  const path = join(inject('sharedFolder'), 'locks', `${name}.lock.json`)
  await once(`lock-${name}`, async () => {
    await temperJson(['lock', name, '-o', path])
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
    const result = await temperJson<BuildResult>(['build', name, '--lock', lock, '-o', layout])
    await writeFile(answer, JSON.stringify(result))
  })
  return { layout, result: JSON.parse(await readFile(answer, 'utf8')) }
}
