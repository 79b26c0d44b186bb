import type { PackageRequest } from '../../model/package/package.ts'
import type { Recipe, RepositoryRequest } from '../../model/recipe.ts'
import type { FileRequest } from '../../model/recipe-parts/file-request.ts'
import { type RecipePath, type Report, show } from '../document/problem.ts'
import type { RecipeInput } from '../schema/schema.ts'
import { packageAdvice, parsePackageRequest } from './package-request.ts'
import { readMode } from './paths.ts'
import { readPlatforms } from './platforms.ts'
import { parseRepositoryLine, type RepositoryParts, repositoryRequest } from './repository-request.ts'
import { checkSource, isAddress } from './source-name.ts'

type ContentsInput = NonNullable<RecipeInput['contents']>

export function normaliseContents(
  input: ContentsInput,
  vars: Readonly<Record<string, string>>,
  report: Report,
): { contents: Omit<Recipe['contents'], 'files'>; files: FileRequest[] } {
  const keyring = input.keyring ?? []
  for (const [i, source] of keyring.entries()) reportSource(source, ['contents', 'keyring', i], report)
  const files = (input.files ?? []).map((file, i) =>
    readFile(file, ['contents', 'files', i], { report, vars }),
  )
  for (const [i, file] of files.entries())
    if (files.findIndex((other) => other.path === file.path && meet(other, file)) < i)
      report(['contents', 'files', i], `a file goes to ${file.path} already`)
  return {
    contents: {
      packages: readPackages(input.packages ?? [], ['contents', 'packages'], report),
      ...readWithout(input, report),
      repositories: readRepositories(input.repositories ?? [], report),
      keyring,
    },
    files,
  }
}

function readWithout(input: ContentsInput, report: Report): { readonly without?: readonly string[] } {
  const names = input.without ?? []
  const asked = new Set((input.packages ?? []).map((text) => parsePackageRequest(text)?.name))
  for (const [i, name] of names.entries()) {
    if (names.indexOf(name) < i) report(['contents', 'without', i], `${name} is there twice`)
    else if (asked.has(name)) report(['contents', 'without', i], `${name} is under "packages" too`)
  }
  return names.length === 0 ? {} : { without: names }
}

export function readPackages(texts: readonly string[], path: RecipePath, report: Report): PackageRequest[] {
  const result: PackageRequest[] = []
  const places = new Map<string, PackageRequest>()
  for (const [i, text] of texts.entries()) {
    const request = parsePackageRequest(text)
    if (request === undefined) {
      report([...path, i], `not a package: ${show(text)}${packageAdvice(text)}`)
      continue
    }
    const other = places.get(request.name)
    if (other !== undefined)
      report(
        [...path, i],
        other.excluded === request.excluded
          ? `${request.name} is there twice`
          : `${request.name} is both asked for and kept out`,
      )
    places.set(request.name, request)
    result.push(request)
  }
  return result
}

function readRepositories(
  inputs: NonNullable<ContentsInput['repositories']>,
  report: Report,
): RepositoryRequest[] {
  const result: RepositoryRequest[] = []
  for (const [i, input] of inputs.entries()) {
    const path = ['contents', 'repositories', i]
    const parts: RepositoryParts | string =
      typeof input === 'string'
        ? parseRepositoryLine(input)
        : { ...input, components: input.components ?? [] }
    const request = typeof parts === 'string' ? parts : repositoryRequest(parts)
    if (typeof request === 'string') {
      report(path, request)
      continue
    }
    if (request.key !== undefined) reportSource(request.key, path, report)
    if (result.some((other) => other.name === request.name && other.suite === request.suite))
      report(path, `the repository "${request.name}" with the suite "${request.suite}" is there twice`)
    result.push(request)
  }
  return result
}

type FileInput = NonNullable<ContentsInput['files']>[number]

/** Whether there is a platform that both are for. */
function meet({ platforms: some }: FileRequest, { platforms: others }: FileRequest): boolean {
  return some === undefined || others === undefined || some.some((each) => others.includes(each))
}

function readFile(
  input: FileInput,
  path: RecipePath,
  { report, vars }: { readonly report: Report; readonly vars: Readonly<Record<string, string>> },
): FileRequest {
  const { source = '', url } = input
  const mode = readMode(input, path, report)
  const unpack = input.unpack ?? input.strip !== undefined
  if (input.unpack === false && input.strip !== undefined)
    report([...path, 'strip'], 'only for an archive that is unpacked')
  if (unpack && input.template === true)
    report([...path, 'template'], 'an archive is not text: either unpack it, or use a template')
  if ((input.source === undefined) === (url === undefined))
    report(path, 'give either "source", a file beside the recipe, or "url", an https address')
  else if (url === undefined && /^[a-z][a-z0-9+.-]*:\/\//i.test(source))
    report([...path, 'source'], 'an address goes into "url"')
  else if (url === undefined) reportSource(source, [...path, 'source'], report)
  else if (!isAddress(url)) report([...path, 'url'], `expected an https address, found ${show(url)}`)
  else reportSource(url, [...path, 'url'], report)
  if (url !== undefined && input.checksum === undefined)
    report(path, 'a file from an address needs its "checksum": sha256:<64 hex digits>')
  reportIgnored(input, path, report)
  return {
    path: input.path,
    source: url ?? source,
    ...(input.checksum === undefined ? {} : { checksum: input.checksum }),
    ...(input.ignore === undefined ? {} : { ignore: input.ignore }),
    mode: mode ?? 0o644,
    uid: input.uid ?? 0,
    gid: input.gid ?? 0,
    ...(unpack ? { unpack: { strip: input.strip ?? 0, modes: mode === undefined ? 'kept' : 'given' } } : {}),
    ...(input.template === true ? { template: vars } : {}),
    ...(input.platforms === undefined
      ? {}
      : { platforms: readPlatforms(input.platforms, [...path, 'platforms'], report) }),
  }
}

/** What stays out is told of folders, which are neither archives nor had from an address. */
export function reportIgnored(
  input: { readonly source?: string | undefined; readonly ignore?: readonly string[] | undefined } & Readonly<
    Record<string, unknown>
  >,
  path: RecipePath,
  report: Report,
): void {
  if (input.ignore === undefined) return
  const other = ['checksum', 'unpack', 'strip', 'template'].find(
    (key) => input[key] !== undefined && input[key] !== false,
  )
  if (input.source === undefined || other !== undefined)
    report([...path, 'ignore'], 'only for a folder beside the recipe')
}

export function reportSource(source: string, path: RecipePath, report: Report): void {
  const wrong = checkSource(source)
  if (wrong !== undefined) report(path, wrong)
}
