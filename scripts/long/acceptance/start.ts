import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { collect } from '../../../packages/temper/src/base/bytes.ts'
import type { Machine } from '../../../packages/temper/src/cli/host.ts'
import { openDistro } from '../../../packages/temper/src/distro/open.ts'
import { archiveFetcher } from '../../../packages/temper/src/flows/assemble/archives.ts'
import type { Context } from '../../../packages/temper/src/flows/context.ts'
import { loadTarget } from '../../../packages/temper/src/flows/lock/recipe-target.ts'
import { openRuntime, type StoredImage } from '../../../packages/temper/src/flows/test/container-runtime.ts'
import { containerSpec } from '../../../packages/temper/src/flows/test/container-spec.ts'
import { layLayers } from '../../../packages/temper/src/formats/layer/lay.ts'
import type { ContainerRuntime } from '../../../packages/temper/src/model/container.ts'
import type { Image } from '../../../packages/temper/src/model/image.ts'
import type { FileEntry } from '../../../packages/temper/src/model/package/package-content.ts'
import { readImage } from '../../../packages/temper/src/oci/image/read-image.ts'
import { openLayout } from '../../../packages/temper/src/oci/layout/layout.ts'
import { parseLock } from '../../../packages/temper/src/recipe/lock/lock-file.ts'
import { type MainProgram, mainProgram } from './main-program.ts'
import type { PackageOutcome } from './outcome.ts'
import type { Trial } from './trial.ts'
import { startFault } from './verdict.ts'

type Started = Pick<PackageOutcome, 'starts' | 'reason' | 'command'>

/** Seconds that a program may run before it is ended: it has started by then. */
const runLimit = 15

/** Runs a package's main program in a container of its image, locked down as `temper test` does it. */
export async function startMainProgram(
  trial: Trial & { readonly recipe: string },
  context: Context,
  machine: Machine,
): Promise<Started> {
  const store = openLayout(join(trial.folder, 'image'))
  const [root] = await store.images()
  if (root === undefined) return { starts: null, reason: 'the layout names no image' }
  const image = await readImage(store, root, {})
  const program = await findMainProgram(trial, image, context)
  if (program === undefined) return { starts: null, reason: 'it has no main program' }
  const runtime = await openRuntime({ image, store } satisfies StoredImage, context, { node: machine.node })
  try {
    return await start(program, image, runtime)
  } finally {
    await runtime.close()
  }
}

/** Programs with windows start where there is no display, too: Qt's own way (QPlatformIntegration). */
const headless = { QT_QPA_PLATFORM: 'offscreen' }

/** `--version`, then `--help`, then as its service runs it, until one ends well or keeps running. */
async function start(program: MainProgram, image: Image, runtime: ContainerRuntime): Promise<Started> {
  const tries = [['--version'], ['--help'], ...(program.service === undefined ? [] : [program.service])]
  let said: Started = { starts: null, reason: null }
  for (const words of tries) {
    const command = [program.path, ...words]
    const options = words.filter((word) => word === '--version' || word === '--help')
    const test = { name: 'start', command, environment: headless, output: [], exec: [], exitCode: 0 }
    const writable = ['/tmp', '/run', '/var/tmp']
    const spec = containerSpec(image, { ...test, writable, timeout: runLimit })
    const { exitCode, output } = await runtime.run({ ...spec, user: '0' })
    const fault = startFault({ exitCode, output }, options)
    if (fault !== undefined) return { starts: false, reason: fault, command }
    said = { starts: true, reason: null, command }
    if (exitCode === 0 || exitCode === undefined) return said
  }
  return said
}

async function findMainProgram(
  { name, recipe: file, folder }: Trial & { readonly recipe: string },
  image: Image,
  context: Context,
): Promise<MainProgram | undefined> {
  const { recipe } = await loadTarget({ target: file, vars: {} }, context)
  const path = join(folder, 'recipe.lock.json')
  const lock = parseLock(readFileSync(path, 'utf8'), { file: path })
  const locked = lock.platforms.flatMap(({ packages }) => packages).filter((each) => each.name === name)
  const distro = await openDistro(recipe.distribution, context)
  const [archive] = await archiveFetcher(lock.suites, { recipe, distro, context })(locked.slice(0, 1))
  if (archive === undefined) return undefined
  const entries: FileEntry[] = []
  const units = new Map<string, string>()
  for await (const { entry, content } of (await distro.openArchive(archive)).entries()) {
    entries.push(entry)
    const unit = /^(?:usr\/)?lib\/systemd\/system\/([^/]+\.service)$/.exec(entry.path)?.[1]
    if (unit !== undefined && entry.type === 'file')
      units.set(
        unit,
        Buffer.from(await collect(content, { limit: 1 << 20, what: entry.path })).toString('utf8'),
      )
    else for await (const _ of content);
  }
  const tree = await layLayers(image.layers, { remember: ({ entry }) => entry.mode })
  const executable = (at: string) => {
    const place = tree.find(at)
    return place?.type === 'file' && ((place.value ?? 0) & 0o111) !== 0
  }
  return mainProgram({ name, entries, units, executable })
}
