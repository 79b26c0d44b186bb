import { join } from 'node:path'
import type { KeptPackage } from '../../assemble/root/populate.ts'
import { notReached } from '../../assemble/root/unreached.ts'
import { mapLimit } from '../../base/concurrency.ts'
import { type Digest, sha256 } from '../../base/digest.ts'
import { ValueCache } from '../../base/value-cache.ts'
import { createLibraryNames } from '../../formats/elf/library-names.ts'
import type { Hardening } from '../../model/hardening/hardening.ts'
import type { LoaderRules } from '../../model/loader.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { TreeNode } from '../../model/tree/file-tree.ts'
import { unreachedIn } from '../../tree/minimal/unreached.ts'
import type { Context } from '../context.ts'
import type { AssemblyTools } from './tools.ts'

/** By the digest of a package and the path in its archive. */
type OpenedNames = ReadonlyMap<Digest, Readonly<Record<string, readonly string[]>>>

/** Hardening that also leaves out everything that the image's start cannot reach. Reads the packages again, once. */
export async function minimising(
  hardening: Hardening,
  about: {
    readonly recipe: Recipe
    readonly packages: readonly KeptPackage[]
    readonly loader: LoaderRules
  },
  environment: { readonly context: Context; readonly tools: AssemblyTools },
): Promise<Hardening> {
  const { recipe, packages, loader } = about
  const { minimize } = recipe
  if (minimize === undefined) return hardening
  const opened = await openedNames(packages, loader, environment)
  const digests = new Map(packages.map(({ package: { name, digest } }) => [name, digest]))
  const asked = new Set(recipe.contents.packages.flatMap(({ name, excluded }) => (excluded ? [] : [name])))
  const opens = ({ origin, content }: TreeNode): readonly string[] | undefined => {
    if (origin?.kind !== 'package') return content && namesIn(content)
    const digest = digests.get(origin.package)
    return digest === undefined ? undefined : opened.get(digest)?.[origin.path]
  }
  return {
    ...hardening,
    unneededIn: (root) => {
      const unneeded = hardening.unneededIn?.(root)
      const isUnreached = unreachedIn(root, { recipe, loader, keep: minimize.keep, asked, opens })
      return (node) => unneeded?.(node) ?? (isUnreached(node) ? notReached : undefined)
    },
  }
}

function namesIn(content: Uint8Array): readonly string[] | undefined {
  const names = createLibraryNames()
  names.write(content)
  return names.finish()
}

async function openedNames(
  packages: readonly KeptPackage[],
  loader: LoaderRules,
  { context, tools }: { readonly context: Context; readonly tools: AssemblyTools },
): Promise<OpenedNames> {
  const values = new ValueCache(join(context.cacheDir, 'opened-1'), context.progress)
  const openers = packages.flatMap((kept) => {
    const paths = kept.content.entries.flatMap(({ path, elf }) =>
      elf?.opensLibraries && !loader.cLibrary.test(path.slice(path.lastIndexOf('/') + 1)) ? [path] : [],
    )
    return paths.length === 0 ? [] : [{ ...kept, paths: new Set(paths) }]
  })
  const entries = await mapLimit(openers, 2, async ({ package: locked, paths }) => {
    const key = sha256(`opened ${locked.digest}`)
    const known = await values.getJson<Record<string, readonly string[]>>(key)
    if (known !== undefined) return [locked.digest, known] as const
    const names: Record<string, readonly string[]> = {}
    const archive = await tools.openArchive(locked)
    for await (const { entry, content } of archive.entries()) {
      context.signal.throwIfAborted()
      if (!paths.has(entry.path)) continue
      const collector = createLibraryNames()
      for await (const chunk of content) collector.write(chunk)
      const all = collector.finish()
      if (all !== undefined) names[entry.path] = all
    }
    await values.put(key, JSON.stringify(names))
    return [locked.digest, names] as const
  })
  return new Map(entries)
}
