import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'
import type { NodeOrigin } from './file-tree.ts'
import { nameOf } from './path.ts'

/** Prefix of the names of entries that hide something in the layers below (image-spec layer.md, "Whiteouts"). */
export const whiteoutPrefix = '.wh.'

/**
 * Refuses a name that would be a whiteout in a layer, since every runtime would then delete something that was still
 * there when the image was proved and scanned. `path` is the whole path, without leading slash. Errors: `bad-archive`
 * for one of a package, `bad-recipe`.
 */
export function refuseWhiteout(path: string, origin: NodeOrigin): void {
  if (!nameOf(path).startsWith(whiteoutPrefix)) return
  const who = bringerOf(origin).replace('the', 'The')
  throw new TemperError(
    origin.kind === 'recipe' ? 'bad-recipe' : 'bad-archive',
    `${who} would put ${printableLine(`/${path}`)} into the image: a name that starts with "${whiteoutPrefix}" deletes files of other layers`,
    {
      hint:
        origin.kind === 'recipe'
          ? 'Give it another name. To leave out a file of a package, write "type: delete" under paths.'
          : 'No honest package has such a file: do not use it, and tell whoever signs its repository.',
      details: {
        path: `/${path}`,
        ...('package' in origin && origin.package !== undefined ? { package: origin.package } : {}),
      },
    },
  )
}

/** What brings an object, for errors: "the package nginx". */
export function bringerOf(origin: NodeOrigin): string {
  switch (origin.kind) {
    case 'package':
    case 'database':
      return `the package ${origin.package}`
    case 'effect':
      return `the effect "${origin.effect}" of a package`
    case 'recipe':
      return 'the recipe'
    case 'base':
      return 'the base'
  }
}
