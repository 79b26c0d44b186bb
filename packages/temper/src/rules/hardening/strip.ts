import { interpreterAlternatives } from '../../formats/interpreter.ts'
import { type Exclusion, type Hardening, noInterpreter } from '../../model/hardening/hardening.ts'
import { findRelaxation } from '../../model/hardening/relaxation.ts'
import type { FileEntry, PackageEntry } from '../../model/package/package-content.ts'
import type { Relaxation } from '../../model/recipe.ts'
import { type Ballast, ballastOf } from './ballast.ts'
import { likelyUnusedCharacterSets, unusedCharacterSets } from './character-sets.ts'
import { type ToolKind, toolKind, toolRules } from './tools.ts'

export interface StripOptions {
  readonly allow: readonly Relaxation[]
  /** Whether a program (absolute path) will be in the image; true when that is not known. */
  readonly hasInterpreter: (path: string) => boolean
}

/** The hardening of an image whose recipe has these relaxations. */
export function hardeningWith(allow: readonly Relaxation[], locales: readonly string[] = []): Hardening {
  return {
    unneededIn: (root) => {
      const unused = unusedCharacterSets(root, locales)
      return unused && ((node) => exclusionBy(unused(node), node.path, allow))
    },
    exclusionOf: (entry, hasInterpreter) => exclusionOf(entry, { allow, hasInterpreter }),
    hardenedMode: (entry) => hardenedMode(entry, { allow }),
    hardenedOwner: (entry, user) => hardenedOwner(entry, { allow, user }),
  }
}

/**
 * What `unneededIn` of the hardening will probably say where no program calls iconv(3), before any file of the image is known;
 * undefined when it will say nothing.
 */
export function likelyUnneeded(
  allow: readonly Relaxation[],
  locales: readonly string[] = [],
): ((entry: PackageEntry) => Exclusion | undefined) | undefined {
  const unused = likelyUnusedCharacterSets(locales)
  return unused && ((entry) => exclusionBy(unused(entry), entry.path, allow))
}

/** Folders that every program may write to; the sticky bit keeps users apart. */
const sharedFolders = new Set(['tmp', 'var/tmp', 'run/lock', 'var/lock', 'dev/shm', 'dev/mqueue'])

/**
 * Why an entry of a package stays out of a hardened image; undefined when it goes in. The path is the one in the
 * image, after usr-merge. The answer depends on nothing else, so that a package's part of a layer can be cached.
 */
export function exclusionOf(
  entry: PackageEntry,
  { allow, hasInterpreter }: StripOptions,
): Exclusion | undefined {
  const { path, type } = entry
  if (type === 'character' || type === 'block' || type === 'fifo')
    return { reason: 'device', rule: 'device', relaxable: false }
  const tool = type === 'directory' ? undefined : (toolKind(path) ?? toolBehind(entry))
  if (tool && !findRelaxation(allow, toolRules[tool], path))
    return { reason: tool, rule: toolRules[tool], relaxable: true }
  const ballast = exclusionBy(ballastOf(path, type), path, allow)
  if (ballast) return ballast
  const interpreters = interpreterAlternatives(entry)
  return interpreters && !interpreters.some(hasInterpreter) ? noInterpreter : undefined
}

function exclusionBy(
  ballast: Ballast | undefined,
  path: string,
  allow: readonly Relaxation[],
): Exclusion | undefined {
  if (!ballast || findRelaxation(allow, ballast.rule, path)) return undefined
  return { reason: ballast.reason, rule: ballast.rule, relaxable: true }
}

/** The tool that a link leads to: without its target it would only dangle. */
function toolBehind({ path, type, target }: FileEntry): ToolKind | undefined {
  if (target === undefined) return undefined
  if (type === 'hardlink' || target.startsWith('/')) return toolKind(target.replace(/^\/+/, ''))
  const parts = path.split('/').slice(0, -1)
  for (const part of target.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return toolKind(parts.join('/'))
}

/**
 * The permission bits of an entry in a hardened image: no setuid or setgid bit, and not writable by everyone except
 * for folders that are meant to be shared, unless the recipe lets the path keep them.
 */
export function hardenedMode(entry: FileEntry, options: Pick<StripOptions, 'allow'>): number {
  if (entry.type === 'symlink') return entry.mode
  let mode = entry.mode
  if ((mode & 0o6000) !== 0 && !findRelaxation(options.allow, 'setuid', entry.path)) mode &= ~0o6000
  if (
    (mode & 0o002) !== 0 &&
    !isSharedFolder(entry) &&
    !findRelaxation(options.allow, 'world-writable', entry.path)
  ) {
    mode &= ~0o002
  }
  return mode
}

/**
 * Who owns an entry in a hardened image. Maintainer scripts give configuration files to the account that a service
 * switches to. A container runs as one user from the start, so no other account needs to own a file. Folders keep
 * their owner, since volumes are mounted there.
 */
export function hardenedOwner(
  { type, uid, path }: FileEntry,
  { allow, user }: Pick<StripOptions, 'allow'> & { readonly user: { readonly uid: number } },
): number {
  if (type === 'directory' || type === 'symlink' || uid === user.uid || user.uid === 0) return uid
  return findRelaxation(allow, 'ownership', path) ? uid : 0
}

/** A sticky folder for temporary files, as every Unix has it. */
export function isSharedFolder(entry: Pick<FileEntry, 'path' | 'type' | 'mode'>): boolean {
  return entry.type === 'directory' && (entry.mode & 0o1000) !== 0 && sharedFolders.has(entry.path)
}
