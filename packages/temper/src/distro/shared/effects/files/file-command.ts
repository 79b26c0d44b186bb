import type { CommandResult, Value } from '../../scripts/world.ts'
import type { CommandCall, EffectContext } from '../effect.ts'
import type { Stage } from '../stage.ts'

/** Carries a command out on the tree, or answers undefined when it cannot. */
export type FileCommand = (call: CommandCall, context: EffectContext) => CommandResult | undefined

export function known(words: readonly Value[]): words is readonly string[] {
  return !words.includes(undefined)
}

/** How a command ended that prints nothing: well, or with what programs say of mistakes. */
export function ended({ failed }: { readonly failed: boolean }): CommandResult {
  return { status: failed ? 1 : 0, output: '' }
}

/** The last part of a path. */
export function lastPart(path: string): string {
  return path.replace(/\/+$/, '').replace(/^.*\//s, '')
}

/** Whether something other than a folder is where the path would need one. */
export function isBlocked(stage: Stage, path: string): boolean {
  for (let at = path.replace(/\/*[^/]+\/*$/, ''); at !== ''; at = at.replace(/\/*[^/]+\/*$/, '')) {
    const node = stage.resolve(at)
    if (node !== undefined) return node.type !== 'directory'
  }
  return false
}

/** Where a command of several operands puts each of them. */
export interface Placing {
  readonly from: string
  readonly to: string
}

/**
 * The sources and where they go: `A B`, `A B C FOLDER`, `-t FOLDER A B`. A folder that is not there is one that the image
 * lacks. `isFolder` decides of a single target; undefined when there is nothing to place.
 */
export function placings(
  operands: readonly string[],
  {
    into,
    isFolder,
  }: {
    /** What `-t` says. */
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
