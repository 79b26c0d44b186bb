import { z } from 'zod'

/** Most characters of a pattern. */
const longest = 128

/** A pattern of tags, in which each * stands for any characters ("*", "v1.*"). */
export const tagPatternSchema = z
  .string()
  .min(1)
  .max(longest)
  .regex(/^[a-zA-Z0-9_.*-]+$/, 'expected a tag, in which * stands for any characters')

export function matchesTag(pattern: string, tag: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return tag === pattern
  if (!tag.startsWith(first) || !tag.endsWith(last) || tag.length < first.length + last.length) return false
  // The pieces between are looked for from left to right: no pattern takes longer than that.
  let at = first.length
  for (const piece of rest) {
    const next = tag.indexOf(piece, at)
    if (next < 0 || next + piece.length > tag.length - last.length) return false
    at = next + piece.length
  }
  return true
}
