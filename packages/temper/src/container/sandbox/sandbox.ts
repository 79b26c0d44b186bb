import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileError } from '../../base/file.ts'
import { nonrootUser } from '../../model/account.ts'
import type { ContainerResult } from '../../model/container.ts'
import type { Image } from '../../model/image.ts'
import type { SandboxJob, SandboxOutcome, SandboxProgram } from '../../model/recipe-parts/sandbox.ts'
import { runProgram } from '../runc/process.ts'
import { createRuncRuntime } from '../runc/runc.ts'
import { unpackImage } from '../runc/unpack.ts'
import { bubblewrapArgs } from './bubblewrap.ts'
import { sandboxHost } from './host-name.ts'
import { readOutput } from './outputs.ts'
import { layInputs, makeRemovable } from './work-folder.ts'

export interface SandboxOptions {
  readonly program: SandboxProgram
  /** Folder for what the sandbox is made of; all of it is removed in the end. */
  readonly temporaryDir: string
  /** Absolute path of the Node that runs this. */
  readonly node: string
  readonly signal: AbortSignal
  /** What runs, for errors. */
  readonly what: string
}

/**
 * Runs a job over an image as its root, as the user nonroot without rights or network, and takes out what it names.
 * Errors: those of `unpackImage` and `readOutput`, `tool-missing`, `file-system`.
 */
export async function runSandbox(
  image: Image,
  job: SandboxJob,
  options: SandboxOptions,
): Promise<SandboxOutcome> {
  const home = await realpath(await makeTemporary(options.temporaryDir))
  const work = join(home, 'work')
  try {
    await mkdir(work)
    await layInputs(work, job)
    const run = options.program.name === 'runc' ? runWithRunc : runWithBubblewrap
    const result = await run(image, job, { ...options, home, work })
    if (result.exitCode !== 0) return { result, outputs: [] }
    const outputs = []
    for (const name of job.outputs) outputs.push(await readOutput(work, name, options))
    return { result, outputs }
  } finally {
    await makeRemovable(home)
    await rm(home, { recursive: true, force: true })
  }
}

async function makeTemporary(parent: string): Promise<string> {
  try {
    return await mkdtemp(join(parent, 'temper-step-'))
  } catch (error) {
    throw fileError('make a folder in', parent, error)
  }
}

interface Sandbox extends SandboxOptions {
  readonly home: string
  readonly work: string
}

async function runWithRunc(image: Image, job: SandboxJob, sandbox: Sandbox): Promise<ContainerResult> {
  const { program, node, signal, home, work } = sandbox
  const runtime = await createRuncRuntime(image, {
    program: program.program,
    temporaryDir: home,
    node,
    signal,
    bindings: [{ from: work, to: job.folder }],
    hostName: sandboxHost,
  })
  try {
    return await runtime.run({
      args: job.args,
      environment: job.environment,
      workDir: job.folder,
      timeout: job.timeout,
      user: `${nonrootUser.uid}:${nonrootUser.gid}`,
      writable: ['/tmp'],
      volumes: [],
      ports: [],
    })
  } finally {
    await runtime.close()
  }
}

async function runWithBubblewrap(image: Image, job: SandboxJob, sandbox: Sandbox): Promise<ContainerResult> {
  const { program, signal, home, work } = sandbox
  const root = join(home, 'root')
  await unpackImage(image, root, { signal })
  return await runProgram(program.program, bubblewrapArgs(job, { root, work }), {
    signal,
    timeout: job.timeout,
  })
}
