import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { sha256 } from '../../src/base/digest.ts'
import { TemperError } from '../../src/base/error.ts'
import { silentProgress } from '../../src/base/progress.ts'
import {
  cleanUp,
  makeKey,
  makeWorld,
  publishDebian,
  startMirror,
  type TestPackage,
} from '../../src/distro/debian/fixtures/mirror.ts'
import { type BuildRequest, build } from '../../src/flows/build/build.ts'
import type { Context } from '../../src/flows/context.ts'
import { importFeeds } from '../../src/flows/feeds/import.ts'
import { sampleContext } from '../../src/flows/fixtures/sample-context.ts'
import { lock } from '../../src/flows/lock/lock.ts'
import { sbom } from '../../src/flows/sbom/sbom.ts'
import { scan } from '../../src/flows/scan/scan.ts'
import { encodeTarHeader, tarEnd, tarPadding } from '../../src/formats/tar/write.ts'

/** A small world in which all that a cache holds is made: an archive of packages, a recipe with a file, feeds. */
export interface CacheWorld {
  readonly cacheDir: string
  /** What people get: locks, digests, documents and findings, each named. Warnings are told apart. */
  results(): Promise<{
    readonly results: Readonly<Record<string, string>>
    readonly warnings: readonly string[]
  }>
  close(): Promise<void>
}

const motd = 'hello\n'
const recipe = `name: tool
platforms: [linux/amd64]
contents:
  packages: [tool, tool-data]
  files:
    - url: https://files.example/motd
      path: /etc/motd
      checksum: ${sha256(motd)}
`

/** Answers for the recipe's file; everything else is asked of the mirror. */
const fetchWithMotd: typeof globalThis.fetch = async (input, init) => {
  const address = input instanceof Request ? input.url : String(input)
  return address === 'https://files.example/motd' ? new Response(motd) : await fetch(input, init)
}

export interface WorldResults {
  readonly results: Readonly<Record<string, string>>
  readonly warnings: readonly string[]
}

export async function makeCacheWorld(): Promise<CacheWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'temper-damage-'))
  const key = await makeKey()
  const { keysDir } = await makeWorld(key)
  const mirror = await startMirror()
  await publishDebian(mirror, { key, packages: [deb('tool'), deb('tool-data')] })
  await writeFile(join(folder, 'tool.yaml'), recipe)
  await writeFile(join(folder, 'debian.ndjson'), ['tool', 'tool-data'].map(record).join('\n'))
  const context = (warnings: string[]): Context =>
    sampleContext(folder, {
      fetch: fetchWithMotd,
      now: () => new Date('2026-06-01T12:00:00Z'),
      offline: false,
      keysDir,
      mirrors: { debian: [mirror.address], 'debian-security': [mirror.address] },
      sourceDateEpoch: 1_780_000_000,
      progress: { ...silentProgress, warn: (text) => void warnings.push(text) },
    })
  await importFeeds({ paths: ['debian.ndjson'] }, context([]))
  const out = join(folder, 'out')
  return {
    cacheDir: join(folder, 'cache'),
    async results() {
      const warnings: string[] = []
      await rm(out, { recursive: true, force: true })
      return { results: await everything(context(warnings), out), warnings }
    },
    async close() {
      await cleanUp()
      await rm(folder, { recursive: true })
    },
  }
}

/** One step after the other; one that ends with an error says so, and the others go on. */
async function everything(context: Context, out: string): Promise<Record<string, string>> {
  const [image, lockFile] = [join(out, 'image'), join(out, 'lock.json')]
  const request = { target: 'tool.yaml', layout: { path: image } }
  const target = { kind: 'image', reference: { kind: 'oci', path: image } } as const
  const built = async (
    more: Partial<BuildRequest> = {},
    inContext = context,
    from: { lock?: string } = { lock: lockFile },
  ) => {
    const { digest, platforms } = await build({ ...request, ...from, ...more }, inContext)
    return `${digest} ${JSON.stringify(platforms)}`
  }
  const unprepared = { ...context, program: () => randomUUID() }
  const scanned = async (feeds: { readonly feeds?: string }) => {
    const { reports } = await scan({ targets: [target], ...feeds }, context)
    return JSON.stringify(reports.map(({ result }) => result))
  }
  const steps: Readonly<Record<string, () => Promise<string>>> = {
    lock: async () => (await lock({ target: 'tool.yaml', output: lockFile }, context)).text,
    build: () => built(),
    // The second time the record of the first build answers.
    'build again': () => built(),
    'build without a lock': () => built({ layout: { path: join(out, 'unlocked') } }, context, {}),
    'build what nothing is prepared of': () =>
      built({ layout: { path: join(out, 'unprepared') } }, unprepared),
    scan: () => scanned({}),
    'scan with feeds of others': () => scanned({ feeds: 'debian.ndjson' }),
    sbom: async () => (await sbom({ target, format: 'spdx-json', source: 'layers' }, context)).text,
  }
  const results: Record<string, string> = {}
  for (const [name, step] of Object.entries(steps)) results[name] = await step().catch(errorText)
  return results
}

function errorText(error: unknown): string {
  if (error instanceof TemperError && error.code !== 'internal')
    return `error ${error.code}: ${error.message}`
  throw error
}

function record(name: string, number: number): string {
  const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: `1.${number}-9` }] }]
  return JSON.stringify({
    id: `DEBIAN-CVE-2026-${1000 + number}`,
    modified: '2026-05-01T00:00:00Z',
    published: '2026-04-01T00:00:00Z',
    upstream: [`CVE-2026-${1000 + number}`],
    affected: [{ package: { ecosystem: 'Debian:13', name }, ranges }],
  })
}

/** A package with a few small files. */
function deb(name: string): TestPackage {
  const control = [`Package: ${name}`, 'Version: 1.0-1', 'Architecture: amd64', 'Maintainer: nobody', '']
  const data = tar({
    [`./usr/share/${name}/greeting`]: `hello from ${name}\n`,
    [`./usr/share/${name}/data`]: name.repeat(5000),
    [`./usr/share/doc/${name}/copyright`]: 'License: MIT\n',
  })
  return {
    name,
    content: ar({
      'debian-binary': Buffer.from('2.0\n'),
      'control.tar.gz': gzipSync(tar({ './control': control.join('\n') })),
      'data.tar.gz': gzipSync(data),
    }),
  }
}

function tar(files: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(files).flatMap(([path, text]) => {
    const [content, size] = [Buffer.from(text), Buffer.byteLength(text)]
    return [
      encodeTarHeader({ path, type: 'file', mode: 0o644, size, uid: 0, gid: 0, mtime: 1_750_000_000 }),
      content,
      tarPadding(size),
    ]
  })
  return Buffer.concat([...parts, tarEnd])
}

/** An ar archive (deb(5)). */
function ar(members: Readonly<Record<string, Buffer>>): Buffer {
  const parts = Object.entries(members).flatMap(([name, content]) => [
    Buffer.from(
      `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(content.length).padEnd(10)}\`\n`,
    ),
    content,
    Buffer.alloc(content.length % 2, '\n'),
  ])
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts])
}
