import { readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { inputTypes, readBuildRecipe } from '../../../attest/statement/read-provenance.ts'
import { tryUtf8 } from '../../../base/bytes.ts'
import { TemperError } from '../../../base/error.ts'
import { fileError, readFileIfExists } from '../../../base/file.ts'
import type { Statement } from '../../../model/attestation.ts'
import type { Lock } from '../../../model/lock.ts'
import type { Store } from '../../../model/store.ts'
import { readBounded } from '../../../oci/image/read-manifest.ts'
import { isDockerfile } from '../../../recipe/dockerfile.ts'
import { loadRecipe } from '../../../recipe/load.ts'
import { parseLock } from '../../../recipe/lock/lock-file.ts'
import type { ParseOptions } from '../../../recipe/read.ts'
import type { Context } from '../../context.ts'

/** The recipe or Dockerfile that an image was built from, as text. */
export type BuildSource =
  | {
      readonly kind: 'recipe'
      readonly text: string
      readonly options: ParseOptions
      /** The lock, which says which package brings which. */
      readonly lock?: Lock
    }
  | { readonly kind: 'dockerfile'; readonly text: string; readonly file: string }

/** Selects a recipe or Dockerfile. */
export interface SourceRequest {
  /** A recipe, as for building, or the path of a Dockerfile. */
  readonly target: string
  /** Version line of the recipe; default: its own. */
  readonly line?: string
  /** Variant of the recipe; default: the recipe itself. */
  readonly variant?: string
}

const textLimit = 1 << 20
const lockLimit = 32 << 20

/** Reads a recipe or a Dockerfile; the text shows which it is. Throws the errors of reading recipes. */
export async function readSource(
  { target, line, variant }: SourceRequest,
  context: Context,
): Promise<BuildSource> {
  const dockerfile = await readDockerfile(target, context)
  if (dockerfile !== undefined) return { kind: 'dockerfile', text: dockerfile, file: target }
  const { workingDir, catalogDir } = context
  const chosen = { ...(line === undefined ? {} : { line }), ...(variant === undefined ? {} : { variant }) }
  const { written, lockFile } = await loadRecipe(target, { workingDir, catalogDir, ...chosen })
  const [own, ...extended] = written
  if (own === undefined) throw new TemperError('internal', `${target} has no text`)
  const lock = await readFileIfExists(lockFile)
  return {
    kind: 'recipe',
    text: own.text,
    options: { file: own.file, extended, ...chosen },
    ...readable(lock, basename(lockFile)),
  }
}

/** Undefined when nothing is there, or something else. */
async function readDockerfile(name: string, { workingDir }: Context): Promise<string | undefined> {
  const path = resolve(workingDir, name)
  const stats = await stat(path).catch(() => undefined)
  if (stats?.isFile() !== true || stats.size > textLimit) return undefined
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fileError('read', path, error)
  })
  const text = tryUtf8(bytes)
  return text !== undefined && isDockerfile(text) ? text : undefined
}

/**
 * The recipe that is attached to an image, as its provenance names it; undefined where there is none. Only whoever
 * vouches for the provenance vouches for it, and it is only used for showing lines.
 */
export async function attachedSource(
  store: Store,
  provenance: readonly Statement[],
): Promise<BuildSource | undefined> {
  for (const statement of provenance) {
    try {
      const { inputs, vars } = readBuildRecipe(statement, 'The attached provenance')
      const [recipe, lock] = inputs
      if (recipe?.mediaType !== inputTypes.recipe || lock === undefined) continue
      const text = Buffer.from(await readBounded(store, recipe, textLimit)).toString()
      const bytes = await readBounded(store, lock, lockLimit)
      return {
        kind: 'recipe',
        text,
        options: { file: recipe.name, vars },
        ...readable(bytes, lock.name),
      }
    } catch (error) {
      // Of another builder, not copied along, out of reach: an image is assessed without knowing its lines.
      if (!(error instanceof TemperError) || error.code === 'interrupted') throw error
    }
  }
  return undefined
}

/** A lock that cannot be read tells nothing; whoever builds with it is told why. */
function readable(bytes: Uint8Array | undefined, file: string): { readonly lock?: Lock } {
  try {
    return bytes === undefined ? {} : { lock: parseLock(Buffer.from(bytes).toString(), { file }) }
  } catch (error) {
    if (error instanceof TemperError) return {}
    throw error
  }
}
