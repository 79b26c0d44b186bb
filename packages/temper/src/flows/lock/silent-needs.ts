import type { Recipe } from '../../model/recipe.ts'
import type { Rootfs } from '../../model/tree/rootfs.ts'

/** Programs that something looks for and does without when they are not there: no proof can miss them. */
interface SilentNeed {
  isAsked(root: Rootfs): boolean
  /** An absolute path. */
  readonly program: string
  /** Packages that bring it, under their names in different distributions. */
  readonly packages: readonly string[]
  /** What happens without it. */
  readonly effect: string
}

const silentNeeds: readonly SilentNeed[] = [
  {
    isAsked: (root) =>
      root
        .list('usr/lib')
        .some(
          (name) => /^python3\.\d+$/.test(name) && root.get(`usr/lib/${name}/ctypes/util.py`) !== undefined,
        ),
    program: '/usr/sbin/ldconfig',
    packages: ['libc-bin', 'ldconfig'],
    effect: 'ctypes.util.find_library of Python finds no library',
  },
]

/**
 * Programs whose absence would cause no error, each with the recipe line that adds it. Packages that the recipe
 * excludes by name are not mentioned.
 */
export function silentlyMissing(
  root: Rootfs,
  { contents }: Pick<Recipe, 'contents'>,
  isKnown: (name: string) => boolean,
): readonly string[] {
  const excluded = contents.packages.filter((each) => each.excluded).map(({ name }) => name)
  return silentNeeds.flatMap(({ isAsked, program, packages, effect }) => {
    const name = packages.find(isKnown)
    const isKeptOut = name === undefined || [...excluded, ...(contents.without ?? [])].includes(name)
    if (isKeptOut || root.get(root.canonical(program)) !== undefined || !isAsked(root)) return []
    return [
      `${effect}: it asks ${program}, which is not in the image. Add ${name} to contents.packages, or "!${name}" if nothing needs it`,
    ]
  })
}
