import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { TemperError } from '../../../base/error.ts'
import { createHttp } from '../../../base/http/http.ts'
import { silentProgress } from '../../../base/progress.ts'
import type { Package } from '../../../model/package/package.ts'
import { cleanUp, startMirror, type TestMirror, temporaryFolder } from '../../debian/fixtures/mirror.ts'
import { archivePath, type FetchPackagesOptions, fetchPackages } from './packages.ts'

const pathOf = archivePath('deb')

afterEach(cleanUp)

/** Bytes that are not the same twice. */
function bytesFor(name: string, size: number): Buffer {
  const bytes = Buffer.alloc(size)
  for (let i = 0; i < size; i++) bytes[i] = (i * 31 + name.length * 7 + (i >> 8)) & 255
  return Buffer.concat([Buffer.from(name), bytes])
}

function packageOf(name: string, content: Buffer): Package {
  return {
    name,
    version: '1.0',
    architecture: 'amd64',
    source: { name, version: '1.0' },
    digest: `sha256:${createHash('sha256').update(content).digest('hex')}`,
    size: content.length,
    installedSize: 0,
    origin: { repository: 'debian', suite: 'trixie', component: 'main', location: `pool/${name}+x~1.deb` },
  }
}

async function world(contents: Readonly<Record<string, Buffer>>, count = 1) {
  const packages = Object.entries(contents).map(([name, content]) => packageOf(name, content))
  const mirrors: TestMirror[] = []
  for (let i = 0; i < count; i++) {
    const mirror = await startMirror()
    for (const [i, item] of packages.entries()) {
      mirror.files.set(item.origin.location, Object.values(contents)[i] ?? Buffer.alloc(0))
    }
    mirrors.push(mirror)
  }
  const http = createHttp({ fetch: globalThis.fetch, stallTimeout: 300, firstDelay: 1, retries: 1 })
  const cacheDir = await temporaryFolder()
  const options: FetchPackagesOptions = {
    access: { http, cacheDir, progress: silentProgress },
    pathOf,
    mirrors: new Map([['debian', mirrors.map(({ address }) => ({ address, from: 'host' as const }))]]),
  }
  return { packages, mirrors, options, cacheDir, contents: Object.values(contents) }
}

async function failure(promise: Promise<unknown>): Promise<TemperError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(TemperError)
  return error as TemperError
}

/** Everything below the cache but the packages themselves. */
async function leftovers(cacheDir: string): Promise<string[]> {
  const names = await readdir(cacheDir, { recursive: true })
  return names.filter((name) => name.includes('.tmp-') || name.endsWith('.part'))
}

const two = { alpha: bytesFor('alpha', 1000), beta: bytesFor('beta', 70_000) }

test('fetches each package once and gives the paths in order', async () => {
  const { packages, mirrors, options, cacheDir, contents } = await world(two)
  const paths = await fetchPackages([...packages, ...packages], options)
  expect(paths).toEqual([...packages, ...packages].map(({ digest }) => pathOf(cacheDir, digest)))
  for (const [i, content] of contents.entries()) {
    expect(content.equals(await readFile(paths[i] ?? ''))).toBe(true)
  }
  await fetchPackages(packages, options)
  expect(mirrors[0]?.requests.sort()).toEqual(['pool/alpha+x~1.deb', 'pool/beta+x~1.deb'])
  expect(await leftovers(cacheDir)).toEqual([])
})

test('needs no network when all is cached, and says what is missing when offline', async () => {
  const { packages, options } = await world(two)
  const offline = { ...options, access: { ...options.access, offline: true } }
  const error = await failure(fetchPackages(packages, offline))
  expect(error.code).toBe('offline')
  expect(error.message).toContain('alpha 1.0 (and 1 more)')
  await fetchPackages(packages, options)
  expect(await fetchPackages(packages, offline)).toHaveLength(2)
})

const lies: readonly (readonly [string, (content: Buffer) => Buffer])[] = [
  ['other bytes', (content) => Buffer.alloc(content.length, 7)],
  ['too few bytes', (content) => content.subarray(0, 500)],
  ['too many bytes', (content) => Buffer.concat([content, content])],
  ['nothing', () => Buffer.alloc(0)],
]
test.each(lies)('a mirror that sends %s is followed by the next', async (_title, change) => {
  const { packages, mirrors, options, cacheDir } = await world(two, 2)
  const [bad] = mirrors
  for (const [path, content] of bad?.files ?? []) bad?.files.set(path, change(content))
  expect(await fetchPackages(packages, options)).toHaveLength(2)
  expect(bad?.requests.length).toBeGreaterThan(0)
  expect(await leftovers(cacheDir)).toEqual([])
  const alone = await world(two)
  for (const [path, content] of alone.mirrors[0]?.files ?? [])
    alone.mirrors[0]?.files.set(path, change(content))
  const error = await failure(fetchPackages(alone.packages, alone.options))
  expect(['digest-mismatch', 'limit-exceeded']).toContain(error.code)
  const names = await readdir(alone.cacheDir, { recursive: true })
  expect(names.filter((name) => name.endsWith('.deb'))).toEqual([])
  expect(await leftovers(alone.cacheDir)).toEqual([])
})

test('missing files and stalls lead to the next mirror, and all failures are told', async () => {
  const { packages, mirrors, options } = await world({ alpha: two.alpha }, 3)
  mirrors[0]?.files.clear()
  if (mirrors[1]) {
    mirrors[1].behave = (_path, _request, response) => {
      response.writeHead(200, { 'content-length': '1005' })
      response.write('half')
      return true
    }
  }
  expect(await fetchPackages(packages, options)).toHaveLength(1)
  const lame = await world({ alpha: two.alpha }, 2)
  for (const mirror of lame.mirrors) mirror.files.clear()
  const error = await failure(fetchPackages(lame.packages, lame.options))
  expect(error.code).toBe('network')
  for (const mirror of lame.mirrors) expect(error.message).toContain(mirror.address)
  expect(error.details['failures']).toHaveLength(2)
})

const large = { large: bytesFor('large', 900_000) }

test('a download that breaks is continued, by the next mirror and by the next run', async () => {
  const { packages, mirrors, options, contents } = await world(large)
  const [mirror] = mirrors
  const [content = Buffer.alloc(0)] = contents
  const ranges: (string | undefined)[] = []
  const breakOff: TestMirror['behave'] = (_path, request, response) => {
    ranges.push(request.headers.range)
    response.writeHead(200, { 'content-length': content.length })
    response.write(content.subarray(0, 600_000), () => setTimeout(() => request.socket.destroy(), 50))
    return true
  }
  if (!mirror) throw new Error('no mirror')
  mirror.behave = (path, request, response) => {
    if (ranges.length === 0) return breakOff(path, request, response)
    response.writeHead(500).end()
    return true
  }
  await failure(fetchPackages(packages, options))
  mirror.behave = (_path, request) => {
    ranges.push(request.headers.range)
    return undefined
  }
  const [path = ''] = await fetchPackages(packages, options)
  expect(ranges.at(-1)).toBe('bytes=600000-')
  expect(content.equals(await readFile(path))).toBe(true)
  expect(await leftovers(options.access.cacheDir)).toEqual([])
})

test('what an earlier run left is dropped when it is wrong', async () => {
  const { packages, options, cacheDir, contents } = await world(large)
  const path = pathOf(cacheDir, packages[0]?.digest ?? 'sha256:')
  await mkdir(dirname(path), { recursive: true })
  for (const part of [Buffer.alloc(300_000, 1), Buffer.alloc(2_000_000, 1)]) {
    await writeFile(`${path}.part`, part)
    await fetchPackages(packages, options)
    expect(contents[0]?.equals(await readFile(path))).toBe(true)
    await writeFile(path, 'short')
  }
})

test('a damaged cached file is fetched again: by size always, by digest when asked', async () => {
  const { packages, options, contents, mirrors } = await world({ alpha: two.alpha })
  const [path = ''] = await fetchPackages(packages, options)
  await writeFile(path, 'short')
  await fetchPackages(packages, options)
  expect(contents[0]?.equals(await readFile(path))).toBe(true)
  await writeFile(path, Buffer.alloc(two.alpha.length))
  await fetchPackages(packages, options)
  expect(mirrors[0]?.requests).toHaveLength(2)
  await fetchPackages(packages, { ...options, cached: 'verify' })
  expect(contents[0]?.equals(await readFile(path))).toBe(true)
})

test('the person can stop; nothing half-written gets a name', async () => {
  const { packages, mirrors, options, cacheDir } = await world(two)
  const controller = new AbortController()
  if (mirrors[0]) {
    mirrors[0].behave = () => {
      setTimeout(() => controller.abort(), 20)
      return true
    }
  }
  const access = { ...options.access, signal: controller.signal }
  expect((await failure(fetchPackages(packages, { ...options, access }))).code).toBe('interrupted')
  const names = await readdir(cacheDir, { recursive: true })
  expect(names.filter((name) => name.endsWith('.deb') || name.includes('.tmp-'))).toEqual([])
})

test('a path that leads out of the archive is refused', async () => {
  const { packages, options, mirrors } = await world({ alpha: two.alpha })
  const origin = { repository: 'debian', suite: 'trixie', component: 'main', location: '../../etc/passwd' }
  const error = await failure(
    fetchPackages(
      packages.map((item) => ({ ...item, origin })),
      options,
    ),
  )
  expect(error.code).toBe('bad-lock')
  expect(mirrors[0]?.requests).toEqual([])
})

test('several runs at once share a cache', async () => {
  const { packages, options, cacheDir } = await world({ ...two, ...large })
  const runs = await Promise.all([1, 2, 3].map(() => fetchPackages(packages, options)))
  expect(new Set(runs.flat()).size).toBe(3)
  expect(await leftovers(cacheDir)).toEqual([])
})

test('progress counts each byte once, also when a mirror fails', async () => {
  const { packages, mirrors, options } = await world(two, 2)
  for (const [path, content] of mirrors[0]?.files ?? [])
    mirrors[0]?.files.set(path, Buffer.alloc(content.length))
  let sum = 0
  let total = 0
  const task = {
    advance: (amount: number) => {
      sum += amount
    },
    done: () => {},
  }
  const progress = {
    ...silentProgress,
    start: (_: string, { total: expected = 0 }: { total?: number } = {}) => {
      total = expected
      return task
    },
  }
  await fetchPackages(packages, { ...options, access: { ...options.access, progress } })
  expect(sum).toBe(total)
})
