import { posix } from 'node:path'
import type { FileRequest } from '../../model/recipe-parts/file-request.ts'
import type { StepOutput, StepRequest } from '../../model/recipe-parts/step.ts'
import { type RecipePath, type Report, show } from '../document/problem.ts'
import type { RecipeInput } from '../schema/schema.ts'
import { readPackages, reportIgnored, reportSource } from './contents.ts'
import { readMode } from './paths.ts'
import { checkRepository, gitSourceName, isAddress } from './source-name.ts'
import { texts } from './text.ts'

type StepInput = NonNullable<RecipeInput['steps']>[number]

/** Seconds. */
const defaultTimeout = 1800

export function normaliseSteps(
  inputs: readonly StepInput[] | undefined,
  report: Report,
): { readonly steps?: readonly StepRequest[] } {
  if (inputs === undefined || inputs.length === 0) return {}
  const steps = inputs.map((input, i) => readStep(input, ['steps', i], report))
  for (const [i, { name }] of steps.entries())
    if (steps.findIndex((other) => other.name === name) < i)
      report(['steps', i, 'name'], `there is a step "${name}" already`)
  return { steps }
}

function readStep(input: StepInput, path: RecipePath, report: Report): StepRequest {
  const run = Array.isArray(input.run) ? input.run.map(String).join('\n') : String(input.run)
  if (run.trim() === '') report([...path, 'run'], 'expected a command, found nothing')
  if (run.includes('\0')) report([...path, 'run'], 'holds a NUL character')
  if (run.length > longestScript)
    report([...path, 'run'], `longer than ${longestScript} characters: make it a file among the inputs`)
  const inputs = [
    ...(input.inputs ?? []).map((each, i) => readInput(each, [...path, 'inputs', i], report)),
    ...(input.network ?? []).map((each, i) => readInput(each, [...path, 'network', i], report)),
  ]
  for (const [i, { path: place }] of inputs.entries())
    if (place !== '/' && inputs.findIndex((other) => other.path === place) < i)
      report([...path, 'inputs'], `two inputs go to ${place.slice(1)}`)
  const dependencies = (input.dependencies ?? []).map(({ source, path: place }) => ({
    source,
    path: `/${place ?? posix.basename(source)}`,
  }))
  for (const [i, { path: place }] of dependencies.entries())
    if ([...inputs, ...dependencies.slice(0, i)].some((other) => other.path === place))
      report([...path, 'dependencies', i], `something else goes to ${place.slice(1)} already`)
  return {
    name: input.name,
    packages: readPackages(input.packages ?? [], [...path, 'packages'], report),
    inputs,
    ...(dependencies.length === 0 ? {} : { dependencies }),
    run,
    environment: texts(input.environment, [...path, 'environment'], report),
    outputs: readOutputs(input.outputs, [...path, 'outputs'], report),
    timeout: input.timeout ?? defaultTimeout,
  }
}

/** Characters: the kernel takes 128 KiB as one argument. */
const longestScript = 64 * 1024

type InputInput = NonNullable<StepInput['inputs']>[number]

function readInput(input: InputInput, path: RecipePath, report: Report): FileRequest {
  if (input.git !== undefined || input.commit !== undefined) return readCommit(input, path, report)
  const { source, url, checksum } = input
  const name = url ?? source ?? ''
  if ((source === undefined) === (url === undefined))
    report(path, 'give either "source", a file or folder beside the recipe, or "url", an https address')
  else if (url !== undefined && !isAddress(url))
    report([...path, 'url'], `expected an https address, found ${show(url)}`)
  else reportSource(name, [...path, url === undefined ? 'source' : 'url'], report)
  if (url !== undefined && checksum === undefined)
    report(path, 'what comes from an address needs its "checksum": sha256:<64 hex digits>')
  const unpack = input.unpack ?? input.strip !== undefined
  if (input.unpack === false && input.strip !== undefined)
    report([...path, 'strip'], 'only for an archive that is unpacked')
  reportIgnored(input, path, report)
  const ownName = posix.basename(posix.normalize(url === undefined ? name : addressPath(url)))
  const place = input.path ?? (unpack ? '' : ownName)
  const isWhole = place === '.' && source !== undefined
  if (place === '' && !unpack) report(path, 'give its "path" below /work')
  const mode = readMode(input, path, report)
  return {
    path: isWhole ? '/' : `/${place}`,
    source: name,
    ...(checksum === undefined ? {} : { checksum }),
    ...(input.ignore === undefined ? {} : { ignore: input.ignore }),
    mode: mode ?? 0o644,
    uid: 0,
    gid: 0,
    ...(unpack ? { unpack: { strip: input.strip ?? 0, modes: mode === undefined ? 'kept' : 'given' } } : {}),
  }
}

function readCommit(input: InputInput, path: RecipePath, report: Report): FileRequest {
  const { git = '', commit = '' } = input
  if (input.git === undefined || input.commit === undefined)
    report(path, 'give the repository as "git" and the whole id of a commit as "commit"')
  const wrong = input.git === undefined ? undefined : checkRepository(git)
  if (wrong !== undefined) report([...path, 'git'], wrong)
  const others = ['source', 'url', 'checksum', 'unpack', 'strip', 'ignore', 'permissions'] as const
  for (const key of others)
    if (key in input && input[key] !== undefined)
      report([...path, key], 'a commit is laid in as it was committed: leave this out')
  const name = posix.basename(addressPath(git) || git).replace(/\.git$/, '')
  const place = input.path ?? name
  if (place === '' || place === '.') report(path, 'give its "path" below /work')
  return {
    path: `/${place}`,
    source: gitSourceName({ repository: git, commit }),
    mode: 0o644,
    uid: 0,
    gid: 0,
    unpack: { strip: 0, modes: 'kept' },
  }
}

function addressPath(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname.replaceAll(/[^A-Za-z0-9._/-]/g, '_') : ''
}

function readOutputs(inputs: StepInput['outputs'], path: RecipePath, report: Report): readonly StepOutput[] {
  return inputs.map((input, i) => {
    const place = [...path, i]
    if (inputs.findIndex((other) => other.path === input.path) < i)
      report(place, `an output goes to ${input.path} already`)
    const mode = readMode(input, place, report)
    if (mode !== undefined && (mode & 0o6000) !== 0)
      report([...place, 'permissions'], 'what a step made is never setuid or setgid')
    return {
      source: input.source,
      path: input.path,
      ...(mode === undefined ? {} : { mode }),
      uid: input.uid ?? 0,
      gid: input.gid ?? 0,
    }
  })
}
