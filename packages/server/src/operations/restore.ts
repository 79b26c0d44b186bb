import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Storage } from '../registry/storage/storage.ts'
import { TemperError } from '../temper.ts'
import { files, folders } from './backup.ts'
import { contentPath, copyContent, copyIfThere, copyTree } from './copy.ts'
import { type Counted, checkWhole, heldIn } from './held.ts'

const mark = z.looseObject({ format: z.literal(1), created: z.iso.datetime() })

export interface RestoreRequest {
  /** Folder of a backup. */
  readonly from: string
  /** Data folder: it is created, or has to be empty. */
  readonly data: string
}

export interface Restored extends Counted {
  /** When the backup was made, ISO 8601. */
  readonly created: string
}

/**
 * Makes a data folder from a backup, whose content is checked on the way. Throws `not-found` without a backup,
 * `bad-configuration` for a folder in use, and `digest-mismatch`; then there is no data folder.
 */
export async function restore({ from, data }: RestoreRequest): Promise<Restored> {
  const { created } = await readMark(from)
  if ((await readdir(data).catch(() => [])).length > 0)
    throw new TemperError('bad-configuration', `${data} is not empty`, {
      hint: 'Restore into a new folder, and start the service on that.',
    })
  const [snapshot, staged] = [join(from, 'snapshot'), `${data}.new`]
  await rm(staged, { recursive: true, force: true })
  const registry = join(staged, 'registry')
  await copyTree(join(snapshot, 'repositories'), join(registry, 'repositories'), () => false)
  for (const file of files) await copyIfThere(join(snapshot, file), join(staged, file))
  for (const folder of folders) await copyTree(join(snapshot, folder), join(staged, folder), () => false)
  const storage = await Storage.open(registry)
  for (const digest of await heldIn(storage)) {
    const done = await copyContent(digest, contentPath(from, digest), contentPath(registry, digest))
    if (done !== 'copied')
      throw new TemperError('digest-mismatch', `${contentPath(from, digest)} is ${done}`, {
        hint: 'Make another backup.',
      })
  }
  const counted = await checkWhole(storage)
  await mkdir(data, { recursive: true, mode: 0o700 })
  await rename(staged, data)
  return { ...counted, created }
}

async function readMark(from: string): Promise<z.output<typeof mark>> {
  try {
    return mark.parse(JSON.parse(await readFile(join(from, 'snapshot', 'backup.json'), 'utf8')))
  } catch (error) {
    throw new TemperError('not-found', `There is no backup in ${from}`, { cause: error })
  }
}
