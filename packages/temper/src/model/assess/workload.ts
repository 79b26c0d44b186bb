import type { JsonObject } from '../../base/json/value.ts'
import type { RunContract } from './run-contract.ts'

/** A place in a text, as people count: both from 1. */
export interface TextPlace {
  /** As the person named it. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Members and positions that lead to a value. */
export type FieldPath = readonly (string | number)[]

export const containerLists = ['containers', 'initContainers', 'ephemeralContainers'] as const
export type ContainerList = (typeof containerLists)[number]

/** One container of a pod, or one service of a Compose file. */
export interface PodContainer {
  readonly list: ContainerList
  readonly name: string
  /** In the pod's value. */
  readonly path: FieldPath
  readonly value: JsonObject
}

/** What runs together, as a file asks for it. */
export interface Pod {
  /** Kind of the object that makes it: "Deployment"; "service" in a Compose file. */
  readonly kind: string
  readonly name: string
  readonly namespace?: string
  readonly dialect: 'kubernetes' | 'compose'
  /** Where the object begins. */
  readonly place: TextPlace
  /**
   * A pod template (Kubernetes core/v1, PodTemplateSpec): `metadata` and `spec`. Foreign: any member may be anything. Services
   * of Compose are put in these words.
   */
  readonly value: JsonObject
  readonly containers: readonly PodContainer[]
  /** Where the file says this, or else the nearest thing around it. */
  locate(path: FieldPath): TextPlace
}

/** An image that a file names. */
export interface ImageMention {
  readonly text: string
  readonly place: TextPlace
  /** "Deployment web, container nginx". */
  readonly where: string
  readonly pod?: Pod
  readonly container?: PodContainer
  /** Where the text of the name is in the file, quotes left out; absent where it cannot be replaced. UTF-16 units. */
  readonly span?: { readonly start: number; readonly end: number }
}

/** What rules about pods look at. */
export interface PodSubject {
  readonly pod: Pod
  /** What the images of its containers say, as far as somebody has read them. */
  readonly contracts: ReadonlyMap<PodContainer, RunContract>
}

/** The value that a path leads to; undefined when something on the way is missing or of another kind. */
export function valueAt(value: unknown, path: FieldPath): unknown {
  let at = value
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined
    at = (at as Readonly<Record<string | number, unknown>>)[part]
  }
  return at
}

/** The items of a list, none when it is something else. */
export function listAt(value: unknown, path: FieldPath): readonly unknown[] {
  const list = valueAt(value, path)
  return Array.isArray(list) ? list : []
}
