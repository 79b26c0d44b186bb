import type { JsonObject } from '../../base/json/value.ts'
import type { RunContract } from './run-contract.ts'

/** A place in a text; line and column count from 1. */
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

/** A pod that a file asks for: containers that run together. */
export interface Pod {
  /** Kind of the object that makes it: "Deployment"; "service" in a Compose file. */
  readonly kind: string
  readonly name: string
  readonly namespace?: string
  readonly dialect: 'kubernetes' | 'compose'
  /** Where the object begins. */
  readonly place: TextPlace
  /**
   * A pod template (Kubernetes core/v1, PodTemplateSpec): `metadata` and `spec`. It comes from outside, so any member
   * may be anything. Compose services are translated to this form.
   */
  readonly value: JsonObject
  readonly containers: readonly PodContainer[]
  /** Where the file says this, or the nearest thing around it. */
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
  /** Where the text of the name is in the file, without quotes, in UTF-16 units; absent when it cannot be replaced. */
  readonly span?: { readonly start: number; readonly end: number }
}

/** What rules about pods check. */
export interface PodSubject {
  readonly pod: Pod
  /** What the images of its containers declare, as far as they were read. */
  readonly contracts: ReadonlyMap<PodContainer, RunContract>
}

/** The value that a path leads to; undefined when something on the way is missing or has another type. */
export function valueAt(value: unknown, path: FieldPath): unknown {
  let at = value
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined
    at = (at as Readonly<Record<string | number, unknown>>)[part]
  }
  return at
}

/** The items of a list; none when the value is something else. */
export function listAt(value: unknown, path: FieldPath): readonly unknown[] {
  const list = valueAt(value, path)
  return Array.isArray(list) ? list : []
}
