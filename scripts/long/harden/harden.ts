import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { silentProgress } from '../../../packages/temper/src/base/progress.ts'
import { createContext } from '../../../packages/temper/src/cli/context.ts'
import { processHost } from '../../../packages/temper/src/cli/host.ts'
import type { HardenResult } from '../../../packages/temper/src/flows/harden/request.ts'
import { openRuntime } from '../../../packages/temper/src/flows/test/container-runtime.ts'
import { runTests } from '../../../packages/temper/src/flows/test/run-tests.ts'
import { readImage } from '../../../packages/temper/src/oci/image/read-image.ts'
import { openLayout } from '../../../packages/temper/src/oci/layout/layout.ts'
import { debianTool } from '../../../packages/temper/test/support/debian-tool.ts'
import { named } from '../named.ts'
import { type HardenCase, hardenCases } from './cases.ts'
import { foreignRoot } from './roots.ts'

const run = promisify(execFile)
const main = fileURLToPath(new URL('../../../packages/temper/src/cli/main.ts', import.meta.url))
const maxBuffer = 64 << 20
/** One: each listens to the signals of the process. */
const host = processHost()
/** The user that hardens: it owns nothing but the folder that it writes to. */
const nobody = 65534

type Call = (...args: readonly string[]) => Promise<string>

/**
 * For each image that somebody else could have built (or those named): Buildah builds it on a root that mmdebstrap or Alpine made,
 * `temper harden` hardens it as a user without any rights, twice and once into one layer, and the program does the same under runc
 * before and after, with a root that is read-only. What is told of updates is compared with what apt would do. Needs root and a
 * network. True when all passed.
 */
export async function hardenForeign(names: readonly string[]): Promise<boolean> {
  const buildah = await debianTool('buildah')
  const folder = await mkdtemp(join(tmpdir(), 'temper-foreign-'))
  await chmod(folder, 0o755)
  const storage = ['--storage-driver', 'overlay', '--root', join(folder, 's'), '--runroot', join(folder, 'r')]
  const call: Call = async (...args) => (await run(buildah, [...storage, ...args], { maxBuffer })).stdout
  const cache = join(folder, 'cache')
  await mkdir(cache)
  await run('chown', [String(nobody), cache])
  let passed = true
  try {
    const known = new Set<string>()
    for (const each of named(hardenCases, names, ({ name }) => name)) {
      const work = join(folder, each.name)
      const faults = await tryCase(each, { call, work, cache, known }).catch((error) => [told(error)])
      console.log(`${each.name}: ${faults.length === 0 ? 'passed' : faults.join('\n  ')}`)
      if (faults.length > 0) passed = false
      await rm(work, { recursive: true, force: true })
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return passed
}

interface World {
  readonly call: Call
  readonly work: string
  readonly cache: string
  /** Roots that Buildah has already. */
  readonly known: Set<string>
}

async function tryCase(each: HardenCase, { call, work, cache, known }: World): Promise<readonly string[]> {
  const context = join(work, 'context')
  await mkdir(context, { recursive: true })
  for (const root of each.roots.filter((name) => !known.has(name))) {
    await importRoot(root, call)
    known.add(root)
  }
  for (const [name, text] of Object.entries(each.files ?? {})) {
    await mkdir(dirname(join(context, name)), { recursive: true })
    await writeFile(join(context, name), text)
  }
  await writeFile(join(context, 'Dockerfile'), `${each.dockerfile.join('\n')}\n`)
  const image = `localhost/made-${each.name}`
  await call('bud', '--quiet', '--layers', '--pull-never', '--isolation', 'chroot', '-t', image, context)
  const from = join(work, 'from')
  await call('push', '--quiet', image, `oci:${from}:latest`)
  await rm(context, { recursive: true })
  await run('chown', ['-R', String(nobody), work])
  const harden = (to: string, more: readonly string[] = []) =>
    hardenAs(nobody, ['harden', `oci:${from}`, '-o', join(work, to), ...(each.options ?? []), ...more], cache)
  const faults: string[] = []
  const check = async (what: string, layout: string) => {
    const fault = await runLocked(layout, each)
    if (fault !== undefined) faults.push(`${what}: ${fault}`)
  }
  await check('before', from)
  // What updates nothing has nothing to lock.
  const lock = each.options?.includes('--only') === true ? [] : ['--lock', join(work, 'lock.json')]
  const first = await harden('first', lock)
  const { result } = first
  if (first.exit !== each.exit) faults.push(`exit code ${first.exit}, not ${each.exit}`)
  const left = [...new Set(result.left.map(({ what }) => what.split(':', 1)[0]))].sort()
  if (left.join() !== each.left.join()) faults.push(`left ${JSON.stringify(result.left)}`)
  if (result.updated.length > 0 !== each.updates) faults.push(`${result.updated.length} packages updated`)
  for (const { package: name, from: old, to } of result.updated)
    await run('dpkg', ['--compare-versions', to, 'gt', old]).catch(() =>
      faults.push(`${name}: ${to} is not newer than ${old}`),
    )
  await check('after', join(work, 'first'))
  const again = await harden('again', [...lock, '--offline'])
  if (again.result.digest !== result.digest) faults.push('another digest the second time')
  await harden('squashed', [...lock, '--squash'])
  await check('squashed', join(work, 'squashed'))
  const sizes = await Promise.all([from, join(work, 'squashed')].map(sizeOf))
  const kept = result.left.map(({ what, why }) => `${what} (${why})`).join('; ') || 'nothing'
  console.log(
    `  ${result.updated.length} updated, ${result.removed.length} removed, ${sizes.join(' → ')} in one layer; left: ${kept}`,
  )
  return faults
}

async function importRoot(name: HardenCase['roots'][number], call: Call): Promise<void> {
  const container = (await call('from', 'scratch')).trim()
  await call('add', '--quiet', container, await foreignRoot(name), '/')
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  await call('config', '--env', `PATH=${path}`, '--cmd', '["sh"]', container)
  await call('commit', '--quiet', '--rm', container, `localhost/${name}`)
}

interface Hardened {
  readonly exit: number
  readonly result: Pick<HardenResult, 'from' | 'digest' | 'updated' | 'removed' | 'left'>
}

/** As a user of that number, with a home and a cache of its own. */
async function hardenAs(user: number, args: readonly string[], cache: string): Promise<Hardened> {
  const program = [process.execPath, '--conditions=temper-source', main, ...args, '--json']
  const who = ['--reuid', String(user), '--regid', String(user), '--clear-groups', '--no-new-privs']
  const env = { ...process.env, HOME: cache, TEMPER_CACHE_DIR: cache, NO_COLOR: '1' }
  const { stdout, exit } = await run('setpriv', [...who, ...program], { maxBuffer, env }).then(
    (ended) => ({ stdout: ended.stdout, exit: 0 }),
    (error: Error & { readonly code?: number; readonly stdout?: string }) => {
      // 1 says that something is left; anything else is an error.
      if (error.code !== 1) throw error
      return { stdout: error.stdout ?? '', exit: 1 }
    },
  )
  return { exit, result: JSON.parse(stdout) }
}

async function openImageIn(layout: string) {
  const store = openLayout(layout)
  return { store, image: await readImage(store, await store.resolve('latest')) }
}

/** Bytes of its layers as they are pulled, for people. */
async function sizeOf(layout: string): Promise<string> {
  const { image } = await openImageIn(layout)
  const bytes = image.layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0)
  return `${(bytes / 1e6).toFixed(1)} MB`
}

/** What went wrong, if anything did, in a container that may write to /tmp alone. */
async function runLocked(layout: string, each: HardenCase): Promise<string | undefined> {
  const context = await createContext(host, {}, silentProgress)
  const { store, image } = await openImageIn(layout)
  const runtime = await openRuntime({ image, store }, context, { runtime: 'runc', node: host.machine.node })
  try {
    const test = {
      name: each.name,
      environment: {},
      exitCode: 0,
      output: each.output ?? [],
      ...(each.http === undefined ? {} : { http: { status: 200, ...each.http } }),
      exec: each.exec ?? [],
      writable: ['/tmp'],
      timeout: 90,
    }
    const [result] = await runTests(image, [test], { runtime, context })
    return result?.passed === true ? undefined : `${result?.reason ?? ''}\n${result?.output ?? ''}`
  } finally {
    await runtime.close()
  }
}

/** The end of what a program said. */
function told(error: Error & { readonly stderr?: string; readonly stdout?: string }): string {
  const said = `${error.stdout ?? ''}\n${error.stderr ?? ''}`.trim().slice(-2000)
  return `${error.message.split('\n', 1)[0]?.slice(0, 200)}\n${said}`
}
