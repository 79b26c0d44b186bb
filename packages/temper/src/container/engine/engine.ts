import { randomBytes } from 'node:crypto'
import { TemperError } from '../../base/error.ts'
import type { ContainerRuntime, ContainerSpec } from '../../model/container.ts'
import type { Image } from '../../model/image.ts'
import type { Ownership } from '../confined-folder.ts'
import { type FolderIndex, imageFolders } from '../runc/image-folders.ts'
import { requireProgram, runProgram } from '../runc/process.ts'
import { createRuntime } from '../runtime.ts'
import { EngineContainer, managementTimeout } from './container.ts'

export interface EngineOptions {
  /** Which command line it understands. */
  readonly kind: 'podman' | 'docker'
  /** Absolute path of the program. */
  readonly program: string
  /** An archive as docker save writes it, with the image under `reference`. Read before this returns. */
  readonly archive: string
  /** A name that nothing else has, such as "localhost/temper-test-1f2e3d:latest". */
  readonly reference: string
  /** Absolute path of a Node that asks ports from inside a container's network. */
  readonly node: string
  /** Ends what is under way. */
  readonly signal: AbortSignal
}

/**
 * Runs an image with podman or docker, which need no root of us. The image is loaded under a name of its own,
 * which `close` takes away again. Errors: `tool-missing`, `tool-failed`, and those of reading layers.
 */
export async function createEngineRuntime(image: Image, options: EngineOptions): Promise<ContainerRuntime> {
  const { kind, program, archive, reference, signal } = options
  const unload = ['image', 'rm', reference]
  const folders = await imageFolders(image, { signal })
  try {
    await load(archive, options)
  } catch (error) {
    await runProgram(program, unload, { timeout: managementTimeout })
    throw error
  }
  return createRuntime({
    name: kind,
    launch: async (spec, limits) => {
      const id = `temper-test-${randomBytes(6).toString('hex')}`
      return new EngineContainer({ ...options, ...limits, id, spec, folders: pick(folders, spec) })
    },
    dispose: async () => {
      await requireProgram(program, unload, { timeout: managementTimeout })
    },
  })
}

async function load(archive: string, { kind, program, signal }: EngineOptions): Promise<void> {
  const result = await runProgram(program, ['load', '--input', archive], { timeout: 600, signal })
  if (result.exitCode === 0) return
  const how = result.exitCode === undefined ? 'did not end in time' : `exit code ${result.exitCode}`
  const said = result.output.trim().split('\n').slice(-5).join('\n')
  const check =
    kind === 'docker'
      ? 'that the docker daemon runs and that you may use it'
      : 'with "podman info" that it works'
  throw new TemperError('tool-failed', `${kind} cannot load the image (${how}):\n${said}`, {
    hint: `Check ${check}.`,
    next: { action: 'choose-runtime' },
    details: { program },
  })
}

function pick(folders: FolderIndex, spec: ContainerSpec): ReadonlyMap<string, Ownership> {
  const owners = new Map<string, Ownership>()
  for (const path of spec.writable) {
    const folder = folders.find(path)
    if (folder !== undefined) owners.set(path, folder)
  }
  return owners
}
