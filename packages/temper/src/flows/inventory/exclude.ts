import { posix } from 'node:path'
import { type Glob, glob } from '../../base/glob.ts'
import type { Location } from '../../model/inventory.ts'
import type { ScanTarget } from './target.ts'
import type { TargetInventory } from './target-inventory.ts'

/** Says whether a path, as inventories write it, is in an excluded place. */
export type Excluded = (path: string) => boolean

/**
 * The places that patterns exclude: files and folders that match one, and everything below. Patterns start at the
 * root of the target; `**` stands for any number of folders, including none. For a folder they may also start with
 * its own path.
 */
export function excludedPlaces(patterns: readonly string[], target?: ScanTarget): Excluded {
  const globs = patterns.flatMap((pattern) => globsOf(pattern, target))
  return (path) => {
    const whole = path.replace(/^\/+/, '')
    return prefixesOf(whole).some((prefix) => globs.some((fits) => fits(prefix)))
  }
}

function globsOf(pattern: string, target: ScanTarget | undefined): readonly Glob[] {
  const relative = trimmed(pattern)
  const own = target?.kind === 'directory' ? `${trimmed(posix.normalize(target.path))}/` : undefined
  const spellings = [
    relative,
    ...(relative.startsWith('**/') ? [relative.slice(3)] : []),
    ...(own !== undefined && own !== './' && relative.startsWith(own) ? [relative.slice(own.length)] : []),
  ]
  return spellings.filter((text) => text !== '').map(glob)
}

/** Without "./" or "/" in front, and without what only says that all below is meant. */
function trimmed(pattern: string): string {
  return pattern.replace(/^(?:\.?\/)+/, '').replace(/\/(?:\*\*)?$/, '')
}

/** "a", "a/b", "a/b.jar", "a/b.jar!/c": the folders, the file, and archives in it. */
function prefixesOf(path: string): readonly string[] {
  const ends = [...path.matchAll(/!?\//g)].map((match) => match.index)
  return [...ends, path.length].map((end) => path.slice(0, end))
}

/** The inventory without components that are only in excluded places, and a note of how many these are. */
export function withoutPlaces(read: TargetInventory, excluded: Excluded): TargetInventory {
  const { inventory } = read
  const outside = ({ path }: Location) => !excluded(path)
  const components = inventory.components.flatMap((component) => {
    if (component.locations.length === 0 || component.locations.every(outside)) return [component]
    const locations = component.locations.filter(outside)
    return locations.length === 0 ? [] : [{ ...component, locations }]
  })
  const left = inventory.components.length - components.length
  return {
    ...read,
    inventory: {
      ...inventory,
      components,
      ...(inventory.files === undefined ? {} : { files: inventory.files.filter(outside) }),
      notes: [
        ...inventory.notes.filter(({ location }) => location === undefined || outside(location)),
        ...(left === 0
          ? []
          : [
              {
                code: 'places-left-out',
                message: `${left} ${left === 1 ? 'package' : 'packages'} in places that were left out as asked.`,
              },
            ]),
      ],
    },
  }
}
