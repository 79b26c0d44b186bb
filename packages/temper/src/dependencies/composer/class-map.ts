import type { Autoload } from './autoload.ts'
import { declaredClasses } from './classes.ts'

/** Files of packages by their paths below the project's folder. */
export type ProjectFiles = ReadonlyMap<string, Uint8Array>

const source = /\.(?:php|inc|hh)$/

/**
 * Classes with the files that declare them: those of folders that packages want listed, and with `optimise` those that
 * the namespaces of packages lead to as well. Of several files with one class the first counts.
 */
export function classMap(
  autoload: Autoload,
  files: ProjectFiles,
  { optimise }: { readonly optimise: boolean },
): ReadonlyMap<string, string> {
  const paths = [...files.keys()].filter((path) => source.test(path)).sort()
  const map = new Map<string, string>()
  const scanned = new Set<string>()
  const classesOf = remembered((path) => declaredClasses(files.get(path) ?? new Uint8Array()))
  const isExcluded = remembered(autoload.isExcluded)
  const add = (classes: readonly string[], path: string) => {
    for (const name of classes) if (!map.has(name)) map.set(name, path)
  }
  const scan = (place: string, choose: (path: string) => readonly string[] | undefined) => {
    for (const path of paths) {
      if (!isWithin(path, place) || scanned.has(path) || isExcluded(path)) continue
      const classes = choose(path)
      if (classes === undefined) continue
      scanned.add(path)
      add(classes, path)
    }
  }
  for (const place of autoload.classmap) scan(place, classesOf)
  if (optimise)
    scanNamespaces(autoload, (place, ownPath) => {
      scan(place, (path) => {
        const own = classesOf(path).filter(
          (name) => ownPath(name) === path.slice(place.length + 1).replace(/\.\w+$/, ''),
        )
        return own.length === 0 ? undefined : own
      })
    })
  return new Map([...map].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
}

/** Calls for each folder of a namespace, with what says where below it a class has to be. */
function scanNamespaces(
  { psr4, psr0 }: Autoload,
  scan: (place: string, ownPath: (name: string) => string | undefined) => void,
): void {
  const prefixes = [...new Set([...psr4.keys(), ...psr0.keys()])]
  prefixes.sort((a, b) => Buffer.compare(Buffer.from(b), Buffer.from(a)))
  for (const prefix of prefixes) {
    const inPrefix = (path: (name: string) => string) => (name: string) =>
      name.startsWith(prefix) ? path(name) : undefined
    for (const place of psr4.get(prefix) ?? [])
      scan(
        place,
        inPrefix((name) => name.slice(prefix.length).replaceAll('\\', '/')),
      )
    for (const place of psr0.get(prefix) ?? []) scan(place, inPrefix(legacyPath))
  }
}

/** By PSR-0 underscores of the name itself are folders, too. */
function legacyPath(name: string): string {
  const end = name.lastIndexOf('\\') + 1
  return `${name.slice(0, end).replaceAll('\\', '/')}${name.slice(end).replaceAll('_', '/')}`
}

/** Files whose names begin with a dot, or that lie in such a folder, are no part of a folder, unless they are named. */
function isWithin(path: string, place: string): boolean {
  if (path === place) return true
  if (place !== '' && !path.startsWith(`${place}/`)) return false
  return !/(?:^|\/)\./.test(path.slice(place === '' ? 0 : place.length + 1))
}

/** Folders of namespaces lie within each other: a file is looked at again and again. */
function remembered<Value>(make: (path: string) => Value): (path: string) => Value {
  const known = new Map<string, { readonly value: Value }>()
  return (path) => {
    const before = known.get(path) ?? { value: make(path) }
    known.set(path, before)
    return before.value
  }
}
