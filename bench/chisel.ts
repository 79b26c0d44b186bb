import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { link, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { stringify } from 'yaml'
import { hexOf } from '../packages/temper/src/base/digest.ts'
import { archivePath } from '../packages/temper/src/distro/shared/fetching/packages.ts'
import { clearsigned } from '../packages/temper/test/support/clearsigned.ts'
import { type Contest, type ContestOptions, type ContestResult, hold } from './contest.ts'
import { type BenchLock, lockOf } from './lock.ts'
import type { Command } from './measure.ts'
import { downloads } from './place.ts'
import { peer } from './programs.ts'
import { buildCommand, fillCache } from './temper.ts'
import type { Workload } from './workload.ts'

const run = promisify(execFile)

/** What chisel takes for the archive of Ubuntu: nothing but the packages of one lock. */
interface Archive {
  /** A release as chisel names it: the key of the archive, and slices. */
  readonly release: string
  /** Its cache, with the packages. */
  readonly cache: string
  /** The slices that make up the image: all files of each package. */
  readonly slices: readonly string[]
  /** Stands in for the archive: chisel asks for it by an address that cannot be chosen. */
  readonly proxy: string
  close(): void
}

/** All of the same packages by chisel, which makes a folder, and from it with tar and pigz a layer. */
export async function benchChisel(options: ContestOptions): Promise<readonly ContestResult[]> {
  const results: ContestResult[] = []
  for (const workload of ['nginx', 'jre'] as const) {
    const place = join(options.scratch, `chisel-${workload}`)
    const lock = await lockOf(workload, 'gzip')
    const archive = await makeArchive(place, lock)
    try {
      results.push(await hold(await contestOf(workload, { place, lock, archive }), options))
    } finally {
      archive.close()
      await rm(place, { recursive: true })
    }
  }
  return results
}

async function contestOf(
  workload: Workload,
  { place, lock, archive }: { readonly place: string; readonly lock: BenchLock; readonly archive: Archive },
): Promise<Contest> {
  const build = {
    workload,
    compression: 'gzip',
    lock,
    cache: join(place, 'ours'),
    output: join(place, 'image'),
  } as const
  const renew = (prepare: () => Promise<void>) => async () => {
    for (const path of [build.cache, build.output, join(place, 'root')])
      await rm(path, { recursive: true, force: true })
    await prepare()
  }
  const chisel = await chiselCommand(place, archive)
  return {
    title: `${workload} from packages: all their files, compressed`,
    contenders: [
      {
        name: 'temper build, cold',
        command: () => buildCommand(build),
        prepare: renew(() => fillCache(build.cache, lock)),
      },
      {
        name: 'chisel cut, tar, pigz -6',
        command: () => chisel,
        prepare: renew(async () => void (await mkdir(join(place, 'root')))),
      },
    ],
    notes: ['Slices of chisel name parts of packages; here all files, as Temper has them.'],
  }
}

async function chiselCommand(place: string, { release, cache, slices, proxy }: Archive): Promise<Command> {
  const [program, root] = [await peer('chisel'), join(place, 'root')]
  const cut = `'${program}' cut --release '${release}' --root '${root}' --arch amd64 ${slices.join(' ')}`
  return {
    line: `${cut} && tar -C '${root}' -c . | pigz -6 > '${join(place, 'layer.tar.gz')}'`,
    env: { http_proxy: proxy, XDG_CACHE_HOME: cache },
  }
}

async function makeArchive(place: string, { packages }: BenchLock): Promise<Archive> {
  const [release, cache] = [join(place, 'release'), join(place, 'cache')]
  const kept = join(cache, 'chisel', 'sha256')
  for (const folder of [join(release, 'slices', 'all'), kept]) await mkdir(folder, { recursive: true })
  const records: string[] = []
  for (const { name, digest, size } of packages) {
    const archive = archivePath('deb')(downloads, digest)
    await link(archive, join(kept, hexOf(digest)))
    const { stdout } = await run('dpkg-deb', ['--field', archive], { maxBuffer: 16 << 20 })
    records.push(`${stdout.trimEnd()}\nFilename: pool/${name}.deb\nSize: ${size}\nSHA256: ${hexOf(digest)}\n`)
    const slices = { all: { contents: await contentsOf(archive) } }
    await writeFile(join(release, 'slices', 'all', `${name}.yaml`), stringify({ package: name, slices }))
  }
  const index = records.join('\n')
  const { text, key, id } = await clearsigned(inRelease(index))
  await writeFile(join(release, 'chisel.yaml'), releaseOf(key, id))
  const server = createServer(({ url = '' }, response) => {
    if (url.endsWith('/InRelease')) response.end(text)
    else if (url.endsWith('/Packages.gz')) response.end(gzipSync(index))
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const slices = packages.map(({ name }) => `${name}_all`)
  const proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { release, cache, slices, proxy, close: () => void server.close() }
}

/** Every file and link of a package; folders come with them. */
async function contentsOf(archive: string): Promise<Record<string, null>> {
  const { stdout } = await run('/bin/sh', ['-c', `dpkg-deb --fsys-tarfile '${archive}' | tar -t`], {
    maxBuffer: 64 << 20,
  })
  const paths = stdout.split('\n').filter((path) => path.startsWith('./') && !/\/$|[*?\\]/.test(path))
  return Object.fromEntries(paths.map((path) => [path.slice(1), null]))
}

/** An InRelease file for one index. */
function inRelease(index: string): string {
  const sum = createHash('sha256').update(index).digest('hex')
  const fields = [
    'Label: Ubuntu',
    'Suite: bench',
    'Date: Thu, 01 Jan 2026 00:00:00 UTC',
    'Architectures: amd64',
  ]
  const sums = [
    'Components: main',
    'SHA256:',
    ` ${sum} ${Buffer.byteLength(index)} main/binary-amd64/Packages`,
  ]
  return `${[...fields, ...sums].join('\n')}\n`
}

function releaseOf(armor: string, id: string): string {
  const ubuntu = { version: '24.04', components: ['main'], suites: ['bench'], 'public-keys': ['bench'] }
  return stringify({
    format: 'v1',
    maintenance: { standard: '2025-01-01', 'end-of-life': '2100-01-01' },
    archives: { ubuntu },
    'public-keys': { bench: { id, armor } },
  })
}
