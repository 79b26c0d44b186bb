import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import type { Ballast } from './ballast-kind.ts'

/** Conversions between character sets that iconv(3) of glibc loads; UTF-8, UTF-16 and ASCII it has itself. */
const folder = /^usr\/lib\/[^/]+\/gconv\//

const unused: Ballast = {
  reason: 'character sets',
  rule: 'ballast',
  why: 'nothing in the image calls iconv(3)',
}

/** They have iconv_open(3) for others: the C library has it to offer, and C++ in templates that programs fill in. */
const offering = new Set(['libc.so.6', 'libstdc++.so.6'])

type Judge = (node: Pick<TreeNode, 'path' | 'type'>) => Ballast | undefined

const asUnused: Judge = ({ path, type }) => (type !== 'directory' && folder.test(path) ? unused : undefined)

/** The conversions of an image of which only its locales are known: unused, unless one of these asks for them. */
export function likelyUnusedCharacterSets(locales: readonly string[] = []): Judge | undefined {
  return locales.some(needsConversions) ? undefined : asUnused
}

/** Whether a locale has a character set other than UTF-8. */
function needsConversions(locale: string): boolean {
  return !/\.utf-?8(?:@|$)/i.test(locale) && !/^(?:C|POSIX)$/.test(locale)
}

/**
 * The character set conversions of an image in which nothing needs one: no ELF file calls iconv_open(3), and no
 * locale of the recipe has a character set other than UTF-8. Undefined when they are needed, or when this cannot be
 * told.
 */
export function unusedCharacterSets(
  root: Pick<FileTree, 'nodes'>,
  locales: readonly string[] = [],
): Judge | undefined {
  if (locales.some(needsConversions)) return undefined
  let there = false
  for (const { path, elf } of root.nodes()) {
    if (folder.test(path)) there = true
    else if (elf?.convertsText && !offering.has(elf.soname ?? '')) return undefined
  }
  return there ? asUnused : undefined
}
