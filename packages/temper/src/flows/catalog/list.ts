import { join } from 'node:path'
import * as z from 'zod'
import { mapLimit } from '../../base/concurrency.ts'
import { readFileIfExists } from '../../base/file.ts'
import { formatPlatform } from '../../model/platform.ts'
import { catalogNames, loadRecipe } from '../../recipe/load.ts'
import type { Context } from '../context.ts'

/** An image whose recipe is in the catalogue of the working folder, or in the one that ships with Temper. */
export interface CatalogEntry {
  readonly name: string
  /** One line for people; empty when the recipe has no description. */
  readonly description: string
  readonly distribution: string
  /** "runtime", then the others in the order of the recipe. */
  readonly variants: readonly string[]
  /** Version lines, its own first, as they are requested and tagged: "1.26". */
  readonly lines: readonly string[]
  /** "linux/amd64"…: the default platforms, then others that it was built and measured for. */
  readonly platforms: readonly string[]
  /** Number of packages in the image when it was last measured, for its first platform; null if it never was. */
  readonly packages: number | null
  /** Bytes of its layers as transferred, from the same measurement. */
  readonly size: number | null
  /** Number of tests that its recipe has. */
  readonly tests: number
  readonly shipped: boolean
}

const measures = z.record(
  z.string(),
  z.record(z.string(), z.object({ packages: z.int().min(0), size: z.int().min(0) })),
)

/** Measurements of images when they were last built, by name and platform. */
export type CatalogMeasures = z.infer<typeof measures>

/** File with these measurements, beside the shipped recipes. */
export const measuresFile = 'measured.json'

/** Every image that can be built by its name alone, in alphabetical order. */
export async function listCatalog(context: Context): Promise<readonly CatalogEntry[]> {
  const measured = await readMeasures(context.catalogDir)
  return await mapLimit(await catalogNames(context), 4, async (name) => {
    const { recipe, lines, variants, shipped } = await loadRecipe(name, context)
    const known = shipped ? (measured[name] ?? {}) : {}
    const platforms = [...new Set([...recipe.platforms.map(formatPlatform), ...Object.keys(known)])]
    const figures = known[platforms[0] ?? '']
    return {
      name,
      description: recipe.annotations['org.opencontainers.image.description'] ?? '',
      distribution: recipe.distribution,
      variants: ['runtime', ...variants],
      lines,
      platforms,
      packages: figures?.packages ?? null,
      size: figures?.size ?? null,
      tests: recipe.tests.length,
      shipped,
    }
  })
}

async function readMeasures(folder: string): Promise<CatalogMeasures> {
  const bytes = await readFileIfExists(join(folder, measuresFile))
  return bytes === undefined ? {} : measures.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
}
