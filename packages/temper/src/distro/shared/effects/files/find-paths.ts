import type { Fuel } from '../../scripts/fuel.ts'
import { hasPattern, matchesPattern, unescapePattern } from '../../scripts/words/pattern.ts'
import type { Stage } from '../stage.ts'

const mostFound = 1000

/** Paths that match an absolute pattern (glob(7)), with what stands in braces as several patterns. */
export function findPaths(pattern: string, stage: Stage, fuel: Fuel): readonly string[] {
  const found = withoutBraces(pattern).flatMap((each) => findPlain(each, stage, fuel))
  return [...new Set(found)].sort()
}

function withoutBraces(pattern: string): readonly string[] {
  const [, before, inside, after] = /^([^{]*)\{([^{}]*)\}(.*)$/s.exec(pattern) ?? []
  if (inside === undefined) return [pattern]
  const ends = withoutBraces(after ?? '').slice(0, mostFound)
  return inside.split(',').flatMap((each) => ends.map((end) => `${before}${each}${end}`))
}

function findPlain(pattern: string, stage: Stage, fuel: Fuel): readonly string[] {
  let found = ['']
  for (const part of pattern.split('/').filter((each) => each !== '')) {
    const next: string[] = []
    for (const at of found) {
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
    found = next.slice(0, mostFound)
  }
  return found
}

function namesIn(path: string, stage: Stage): readonly string[] {
  const folder = stage.realPath(path)
  return folder === undefined ? [] : stage.list(folder)
}
