import type { PathRequest } from '../../model/recipe.ts'
import { type RecipePath, type Report, show } from '../document/problem.ts'
import type { RecipeInput } from '../schema/schema.ts'
import { checkSource, isAddress } from './source-name.ts'

type PathInput = NonNullable<RecipeInput['paths']>[number]

/** Folders that the container runtime mounts over. */
const mounted = ['/proc', '/sys', '/dev']

/** Requests in the order in which they are made. */
export function normalisePaths(inputs: readonly PathInput[], report: Report): PathRequest[] {
  const made = new Set<string>()
  return inputs.map((input, i) => {
    const path = ['paths', i]
    if (mounted.some((folder) => input.path === folder || input.path.startsWith(`${folder}/`)))
      report([...path, 'path'], `${input.path} is in a folder that container runtimes mount over`)
    if (input.type !== 'permissions' && input.type !== 'delete') {
      if (made.has(input.path))
        report(
          [...path, 'path'],
          `${input.path} is made twice: to replace what a recipe that this one extends makes, add "!${input.path}" to the list`,
        )
      made.add(input.path)
    }
    return readPath(input, path, report)
  })
}

function readPath(input: PathInput, path: RecipePath, report: Report): PathRequest {
  switch (input.type) {
    case 'directory':
      return { type: 'directory', path: input.path, ...owner(input, path, { report, mode: 0o755 }) }
    case 'file':
      if (input.source !== undefined) return readSourceFile(input, path, report)
      if (input.content === undefined)
        report(path, 'a file needs "content" or "source"; for a file without content write type: empty-file')
      return {
        type: 'file',
        path: input.path,
        content: String(input.content ?? ''),
        ...owner(input, path, { report, mode: 0o644 }),
      }
    case 'empty-file':
    case 'emptyfile':
      return { type: 'file', path: input.path, content: '', ...owner(input, path, { report, mode: 0o644 }) }
    case 'symlink':
      if (input.source === '' || input.source.includes('\0'))
        report([...path, 'source'], `expected what the link points to, found ${show(input.source)}`)
      return { type: 'symlink', path: input.path, source: input.source }
    case 'hardlink':
      if (!/^(\/(?!\.{1,2}(\/|$))[^/]+)+$/.test(input.source))
        report([...path, 'source'], `expected an absolute path in the image, found ${show(input.source)}`)
      return { type: 'hardlink', path: input.path, source: input.source }
    case 'permissions':
      return readPermissions(input, path, report)
    case 'delete':
      return { type: 'delete', path: input.path }
  }
}

function readPermissions(
  input: Extract<PathInput, { type: 'permissions' }>,
  path: RecipePath,
  report: Report,
): PathRequest {
  const mode = readMode(input, path, report)
  if (mode === undefined && input.uid === undefined && input.gid === undefined)
    report(path, 'nothing to change: give "permissions", "uid" or "gid"')
  return {
    type: 'permissions',
    path: input.path,
    ...(mode === undefined ? {} : { mode }),
    ...(input.uid === undefined ? {} : { uid: input.uid }),
    ...(input.gid === undefined ? {} : { gid: input.gid }),
    recursive: input.recursive ?? false,
  }
}

function readSourceFile(
  input: Extract<PathInput, { type: 'file' }>,
  path: RecipePath,
  report: Report,
): PathRequest {
  const source = input.source ?? ''
  const wrong = isAddress(source)
    ? 'a file from an address goes under contents.files, with its checksum'
    : checkSource(source)
  if (wrong !== undefined) report([...path, 'source'], wrong)
  if (input.content !== undefined) report(path, 'give either "content" or "source"')
  return { type: 'file', path: input.path, source, ...owner(input, path, { report, mode: 0o644 }) }
}

interface Owner {
  readonly uid?: number | undefined
  readonly gid?: number | undefined
  readonly permissions?: number | string | undefined
  readonly mode?: number | string | undefined
}

function owner(
  input: Owner,
  path: RecipePath,
  options: { readonly report: Report; readonly mode: number },
): { mode: number; uid: number; gid: number } {
  const mode = readMode(input, path, options.report) ?? options.mode
  return { mode, uid: input.uid ?? 0, gid: input.gid ?? 0 }
}

/** Permission bits from `permissions` or `mode`; texts are octal with or without `0o`. */
export function readMode(input: Owner, path: RecipePath, report: Report): number | undefined {
  if (input.permissions !== undefined && input.mode !== undefined)
    report([...path, 'mode'], '"permissions" and "mode" mean the same: keep one of the two')
  const value = input.permissions ?? input.mode
  return typeof value === 'string' ? Number.parseInt(value.replace(/^0o/, ''), 8) : value
}
