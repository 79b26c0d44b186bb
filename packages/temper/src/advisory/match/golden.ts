import { readFileSync } from 'node:fs'
import type { Component, ComponentType, Distribution, Inventory } from '../../model/inventory.ts'
import { component, inventory } from './sample.ts'

interface ImageLine {
  readonly image: string
  readonly distribution?: Distribution
  /** Type, name, version, then the source's name and version where they differ. */
  readonly packages: readonly (readonly [ComponentType, string, string, string?, string?])[]
}

/** A finding as the fixture has it. */
export interface ExpectedRow {
  readonly image: string
  readonly id: string
  readonly package: string
  readonly fixed: readonly string[]
  readonly reason: string
}

export function goldenImages(): ReadonlyMap<string, Inventory> {
  return new Map(
    lines<ImageLine>('images.ndjson').map(({ image, distribution, packages }) => [
      image,
      inventory(packages.map(goldenComponent), distribution),
    ]),
  )
}

export function goldenRecords(): readonly unknown[] {
  return lines('advisories.ndjson')
}

export function expectedRows(): readonly ExpectedRow[] {
  return lines('findings.ndjson')
}

function goldenComponent([
  type,
  name,
  version,
  source,
  sourceVersion,
]: ImageLine['packages'][number]): Component {
  return component(type, name, {
    version,
    ...(source === undefined ? {} : { source: { name: source, version: sourceVersion ?? '' } }),
  })
}

function lines<T>(file: string): readonly T[] {
  const text = readFileSync(new URL(`fixtures/${file}`, import.meta.url), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}
