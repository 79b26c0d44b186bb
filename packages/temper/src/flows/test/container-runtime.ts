import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { createEngineRuntime } from '../../container/engine/engine.ts'
import { createRuncRuntime } from '../../container/runc/runc.ts'
import type { ContainerRuntime } from '../../model/container.ts'
import type { Image } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { copy } from '../../oci/copy.ts'
import { openStore } from '../../oci/open-store.ts'
import type { Context, RuntimeName } from '../context.ts'

export interface RuntimeRequest {
  /** The container runtime to use; default: runc for root, else podman, else docker. */
  readonly runtime?: RuntimeName
  /** Path of a Node that works in the container's network. */
  readonly node: string
}

/** An image, and the store that it is in. */
export interface StoredImage {
  readonly image: Image
  readonly store: Store
}

/** Prepares an image for running with a runtime of the host. Throws `tool-missing` when there is none. */
export async function openRuntime(
  stored: StoredImage,
  context: Context,
  request: RuntimeRequest,
): Promise<ContainerRuntime> {
  const { name, program } = chooseRuntime(context, request.runtime)
  if (name === 'runc') {
    const { temporaryDir, signal } = context
    return await createRuncRuntime(stored.image, { program, temporaryDir, node: request.node, signal })
  }
  return await openEngine(stored, { ...request, kind: name, program }, context)
}

function chooseRuntime(
  context: Pick<Context, 'runtimes'>,
  asked: RuntimeName | undefined,
): { readonly name: RuntimeName; readonly program: string } {
  const isRoot = process.getuid?.() === 0
  const order: readonly RuntimeName[] =
    asked === undefined ? [...(isRoot ? (['runc'] as const) : []), 'podman', 'docker'] : [asked]
  for (const name of order) {
    const program = context.runtimes[name]
    if (program !== undefined) return { name, program }
  }
  throw new TemperError(
    'tool-missing',
    `Tests need a container runtime: ${missing(asked, { isRoot, runtimes: context.runtimes })}`,
    {
      hint: 'Install one, on Debian for example: apt-get install podman (or runc, and run as root).',
      details: { found: Object.keys(context.runtimes) },
    },
  )
}

function missing(
  asked: RuntimeName | undefined,
  { isRoot, runtimes }: Pick<Context, 'runtimes'> & { readonly isRoot: boolean },
): string {
  if (asked !== undefined) return `${asked} was asked for but is not installed`
  if (!isRoot && runtimes.runc !== undefined)
    return 'runc is installed but needs root, and neither podman nor docker is installed'
  return 'expected runc (as root), podman or docker, found none of them'
}

/** Hands the image over in an archive under a name that nothing else has. */
async function openEngine(
  { image, store }: StoredImage,
  engine: { readonly kind: 'podman' | 'docker'; readonly program: string; readonly node: string },
  context: Context,
): Promise<ContainerRuntime> {
  const folder = await mkdtemp(join(context.temporaryDir, 'temper-test-'))
  const archive = join(folder, 'image.tar')
  const reference = `localhost/temper-test-${randomBytes(8).toString('hex')}:latest`
  try {
    const target = await openStore({ kind: 'docker-archive', path: archive, name: reference })
    try {
      await copy(store, target, image.descriptor, { progress: context.progress })
      await target.tag(image.descriptor, reference)
    } finally {
      await target.close()
    }
    return await createEngineRuntime(image, { ...engine, archive, reference, signal: context.signal })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
