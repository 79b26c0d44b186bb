import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { link, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { hexOf } from '../packages/temper/src/base/digest.ts'
import { archivePath } from '../packages/temper/src/distro/shared/fetching/packages.ts'
import { decompressGzip } from '../packages/temper/src/formats/compress/gzip.ts'
import { readTar } from '../packages/temper/src/formats/tar/read.ts'
import type { BenchLock } from './lock.ts'
import type { Command } from './measure.ts'
import { downloads, folder } from './place.ts'
import type { Workload } from './workload.ts'

const run = promisify(execFile)

/** What an image holds, to see that both sides did the same work. */
export interface Contents {
  readonly files: number
  /** Bytes of files, unpacked. */
  readonly bytes: number
}

/** An apt repository of exactly the locked packages, in one folder. */
export async function makeRepository(workload: Workload, { packages }: BenchLock): Promise<string> {
  const repository = await folder('repositories', workload)
  await rm(repository, { recursive: true })
  await folder('repositories', workload)
  const records: string[] = []
  for (const { name, digest, size } of packages) {
    const archive = archivePath('deb')(downloads, digest)
    const file = `${name}.deb`
    await link(archive, join(repository, file))
    const { stdout } = await run('dpkg-deb', ['--field', archive], { maxBuffer: 16 << 20 })
    records.push(`${stdout.trimEnd()}\nFilename: ./${file}\nSize: ${size}\nSHA256: ${hexOf(digest)}\n`)
  }
  await writeFile(join(repository, 'Packages'), records.join('\n'))
  return repository
}

/**
 * apt copies the packages out of the folder, which takes a few milliseconds: the other way, "file:", is not
 * open to mmdebstrap, which runs apt against a root file system of its own.
 */
export function mmdebstrapCommand(repository: string, { packages }: BenchLock, output: string): Command {
  const names = packages.map(({ name }) => name).join(',')
  const source = `deb [trusted=yes] copy:${repository} ./`
  return {
    line: `mmdebstrap --variant=extract --include=${names} trixie - '${source}' | pigz -6 > '${output}'`,
  }
}

export async function readContents(archive: string): Promise<Contents> {
  const what = 'the archive of mmdebstrap'
  const tar = decompressGzip(createReadStream(archive), { what, limit: 8 * 2 ** 30 })
  let files = 0
  let bytes = 0
  for await (const { entry } of readTar(tar, { what })) {
    if (entry.type !== 'directory') files++
    bytes += entry.size
  }
  return { files, bytes }
}
