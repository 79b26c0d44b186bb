import type { Fuel } from '../../scripts/fuel.ts'
import { hasPattern, matchesPattern, unescapePattern } from '../../scripts/words/pattern.ts'
import type { Stage } from '../stage.ts'

const mostFound = 1000

/** Paths that match an absolute pattern (glob(7)); braces expand to several patterns. */
export function findPaths(pattern: string, stage: Stage, fuel: Fuel): readonly string[] {
  const paths = withoutBraces(pattern).flatMap((each) => findPlain(each, stage, fuel))
  return [...new Set(paths)].sort()
}

function withoutBraces(pattern: string): readonly string[] {
  const [, before, inside, after] = /^([^{]*)\{([^{}]*)\}(.*)$/s.exec(pattern) ?? []
  if (inside === undefined) return [pattern]
  const ends = withoutBraces(after ?? '').slice(0, mostFound)
  return inside.split(',').flatMap((each) => ends.map((end) => `${before}${each}${end}`))
}

function findPlain(pattern: string, stage: Stage, fuel: Fuel): readonly string[] {
  let paths = ['']
  for (const part of pattern.split('/').filter((each) => each !== '')) {
    const next: string[] = []
    for (const at of paths) {
      const names = hasPattern(part) ? namesIn(at, stage) : [unescapePattern(part)]
      for (const name of names) {
        if (hasPattern(part)) {
          if (name.startsWith('.') && !part.startsWith('.')) continue
          if (!matchesPattern(part, name, fuel)) continue
        }
        const path = `${at}/${name}`
        if (stage.get(stage.canonical(path))) next.push(path)
      }
    }
    paths = next.slice(0, mostFound)
  }
  return paths
}

function namesIn(path: string, stage: Stage): readonly string[] {
  const folder = stage.realPath(path)
  return folder === undefined ? [] : stage.list(folder)
}
