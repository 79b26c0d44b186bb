import { execFile } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { silentProgress } from '../../../packages/temper/src/base/progress.ts'
import { createContext } from '../../../packages/temper/src/cli/context.ts'
import { processHost } from '../../../packages/temper/src/cli/host.ts'
import { openRuntime } from '../../../packages/temper/src/flows/test/container-runtime.ts'
import { runTests } from '../../../packages/temper/src/flows/test/run-tests.ts'
import { readImage } from '../../../packages/temper/src/oci/image/read-image.ts'
import { openLayout } from '../../../packages/temper/src/oci/layout/layout.ts'
import { tryDebianTool } from '../../../packages/temper/test/support/debian-tool.ts'
import { named } from '../named.ts'
import { type LanguageCase, languageCases } from './cases.ts'
import { fetchUpstream } from './upstream.ts'

const run = promisify(execFile)
const temper = fileURLToPath(new URL('../../../temper', import.meta.url))
/** Authorities that the machine trusts besides the public ones: what installs packages meets them. */
const authorities = '/usr/local/share/ca-certificates'
const maxBuffer = 64 << 20

/**
 * For each image of a language (or those named): Buildah builds a Dockerfile with a stage from the image to develop with, which
 * installs a package from the language's registry, and one from the image to run, which gets the result; the image then runs under
 * runc, locked down as images of the catalogue are. Needs root and a network. True when all passed.
 */
export async function testLanguages(names: readonly string[]): Promise<boolean> {
  const buildah = await tryDebianTool('buildah')
  if (buildah === undefined) throw new Error('buildah cannot be had')
  // Buildah makes a name of it, which may have no capitals.
  const folder = join(tmpdir(), `temper-languages-${process.pid}`)
  const certificates = (await readdir(authorities).catch(() => [])).filter((name) => name.endsWith('.crt'))
  const trust = certificates.flatMap((name) => ['--certificate', join(authorities, name)])
  let passed = true
  try {
    for (const each of named(languageCases, names, ({ build }) => build)) {
      const tells = `${each.build}${each.variant === undefined ? '' : '-dev'} → ${each.run} with ${each.tool}`
      const fault = await tryCase(each, { buildah, folder: join(folder, each.build), trust }).catch(told)
      console.log(`${tells}: ${fault ?? 'passed'}`)
      if (fault !== undefined) passed = false
      await rm(join(folder, each.build), { recursive: true, force: true })
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return passed
}

interface World {
  readonly buildah: string
  readonly folder: string
  readonly trust: readonly string[]
}

/** What went wrong, if anything did. */
async function tryCase(each: LanguageCase, { buildah, folder, trust }: World): Promise<string | undefined> {
  const storage = [
    '--storage-driver',
    'overlay',
    '--root',
    join(folder, 'storage'),
    '--runroot',
    join(folder, 'storage-run'),
  ]
  const call = async (...args: readonly string[]) =>
    (await run(buildah, [...storage, ...args], { maxBuffer })).stdout
  const project = join(folder, 'project')
  for (const [name, text] of Object.entries(each.files)) {
    await mkdir(dirname(join(project, name)), { recursive: true })
    await writeFile(join(project, name), text)
  }
  const { sources = [] } = each
  if (sources.length > 0)
    await fetchUpstream(sources, join(project, 'upstream'), { state: join(folder, 'apt') })
  const take = async (name: string, words: readonly string[], as: string) => {
    const layout = join(folder, as)
    const { stdout } = await run(temper, ['build', name, ...words, '-o', layout, '--json'], {
      cwd: folder,
      maxBuffer,
    })
    const { reference }: { readonly reference: string } = JSON.parse(stdout)
    const id = (await call('pull', '--quiet', reference)).trim()
    await call('tag', id, `localhost/${as}`)
    await rm(layout, { recursive: true })
  }
  const variant = each.variant === undefined ? [] : ['--variant', each.variant]
  await take(each.build, [...variant, ...trust], 'build')
  await take(each.run, [], 'run')
  const dockerfile = ['FROM localhost/build AS build', ...each.steps, 'FROM localhost/run', ...each.final]
  await writeFile(join(project, 'Dockerfile'), `${dockerfile.join('\n')}\n`)
  await call('bud', '--pull-never', '--isolation', 'chroot', '-t', 'localhost/app', project)
  await call('push', '--quiet', 'localhost/app', `oci:${join(folder, 'app')}:latest`)
  return await runLocked(join(folder, 'app'), each)
}

async function runLocked(layout: string, { output, exec }: LanguageCase): Promise<string | undefined> {
  const host = processHost()
  const context = await createContext(host, {}, silentProgress)
  const store = openLayout(layout)
  const image = await readImage(store, await store.resolve('latest'))
  const runtime = await openRuntime({ image, store }, context, { runtime: 'runc', node: host.machine.node })
  try {
    const test = {
      name: 'runs',
      environment: {},
      exitCode: 0,
      output: exec === undefined ? [output] : [],
      exec: exec === undefined ? [] : [{ command: exec, output: [output] }],
      writable: ['/tmp'],
      timeout: 60,
    }
    const [result] = await runTests(image, [test], { runtime, context })
    return result?.passed === true ? undefined : `${result?.reason ?? ''}\n${result?.output ?? ''}`
  } finally {
    await runtime.close()
  }
}

/** The end of what a program said. */
function told(error: Error & { readonly stderr?: string; readonly stdout?: string }): string {
  return `${error.message.split('\n', 1)[0]?.slice(0, 200)}\n${`${error.stdout ?? ''}\n${error.stderr ?? ''}`.trim().slice(-2000)}`
}
