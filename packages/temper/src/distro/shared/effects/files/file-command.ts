import type { CommandResult, Value } from '../../scripts/world.ts'
import type { CommandCall, EffectContext } from '../effect.ts'
import type { Stage } from '../stage.ts'

/** Carries out a command on the tree, or returns undefined when it cannot. */
export type FileCommand = (call: CommandCall, context: EffectContext) => CommandResult | undefined

export function known(words: readonly Value[]): words is readonly string[] {
  return !words.includes(undefined)
}

/** The result of a command that prints nothing: success, or the status that programs give for errors. */
export function ended({ failed }: { readonly failed: boolean }): CommandResult {
  return { status: failed ? 1 : 0, output: '' }
}

/** The last part of a path. */
export function lastPart(path: string): string {
  return path.replace(/\/+$/, '').replace(/^.*\//s, '')
}

/** Whether something other than a folder is in a place where the path needs one. */
export function isBlocked(stage: Stage, path: string): boolean {
  for (let at = path.replace(/\/*[^/]+\/*$/, ''); at !== ''; at = at.replace(/\/*[^/]+\/*$/, '')) {
    const node = stage.resolve(at)
    if (node !== undefined) return node.type !== 'directory'
  }
  return false
}

/** Where a command with several operands puts each of them. */
export interface Placing {
  readonly from: string
  readonly to: string
}

/**
 * The sources and where they go: `A B`, `A B C FOLDER`, `-t FOLDER A B`. A missing folder is one that the image
 * lacks. `isFolder` decides about a single target; undefined when there is nothing to place.
 */
export function placings(
  operands: readonly string[],
  {
    into,
    isFolder,
  }: {
    /** The argument of `-t`. */
    readonly into: Value
    isFolder(path: string): boolean
  },
): readonly Placing[] | undefined {
  const target = into ?? operands.at(-1)
  const sources = into === undefined ? operands.slice(0, -1) : operands
  if (target === undefined || sources.length === 0) return undefined
  const folder = into !== undefined || sources.length > 1 || isFolder(target)
  const place = target.replace(/(?<=.)\/+$/, '')
  return sources.map((from) => ({ from, to: folder ? `${place}/${lastPart(from)}` : target }))
}
