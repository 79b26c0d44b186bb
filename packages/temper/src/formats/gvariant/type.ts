/** Alignment and size of a GVariant type, in bytes. */
export interface TypeLayout {
  readonly alignment: number
  /** Absent where values differ in size. */
  readonly size?: number
}

const basic: Readonly<Record<string, TypeLayout>> = {
  b: { alignment: 1, size: 1 },
  y: { alignment: 1, size: 1 },
  n: { alignment: 2, size: 2 },
  q: { alignment: 2, size: 2 },
  i: { alignment: 4, size: 4 },
  u: { alignment: 4, size: 4 },
  h: { alignment: 4, size: 4 },
  x: { alignment: 8, size: 8 },
  t: { alignment: 8, size: 8 },
  d: { alignment: 8, size: 8 },
  s: { alignment: 1 },
  o: { alignment: 1 },
  g: { alignment: 1 },
  v: { alignment: 8 },
}

const maximumDepth = 32

/** The error for text that is not a GVariant type or value. */
export class GVariantError extends Error {}

/** Splits a string of several types ("sa{sv}" → "s", "a{sv}"). */
export function splitTypes(types: string): readonly string[] {
  const parts: string[] = []
  for (let at = 0; at < types.length; ) {
    const end = typeEnd(types, at)
    parts.push(types.slice(at, end))
    at = end
  }
  return parts
}

/** The types of the members of a tuple or dictionary entry. */
export function memberTypes(type: string): readonly string[] {
  return splitTypes(type.slice(1, -1))
}

function typeEnd(types: string, start: number, depth = 0): number {
  const first = types[start]
  if (first === undefined || depth > maximumDepth) throw new GVariantError(`no type: ${types}`)
  if (first === 'a' || first === 'm') return typeEnd(types, start + 1, depth + 1)
  if (first !== '(' && first !== '{') {
    if (!Object.hasOwn(basic, first)) throw new GVariantError(`no type: ${types}`)
    return start + 1
  }
  let at = start + 1
  while (types[at] !== (first === '(' ? ')' : '}')) at = typeEnd(types, at, depth + 1)
  return at + 1
}

/** How values of a type are laid out ("GVariant specification", section 2). */
export function layoutOf(type: string): TypeLayout {
  const first = type[0] ?? ''
  const known = Object.hasOwn(basic, first) ? basic[first] : undefined
  if (known !== undefined) return known
  if (first === 'a' || first === 'm') return { alignment: layoutOf(type.slice(1)).alignment }
  const members = memberTypes(type).map(layoutOf)
  const alignment = Math.max(1, ...members.map((member) => member.alignment))
  let size: number | undefined = 0
  for (const member of members) {
    if (size === undefined || member.size === undefined) size = undefined
    else size = padded(size, member.alignment) + member.size
  }
  if (size === undefined) return { alignment }
  return { alignment, size: members.length === 0 ? 1 : padded(size, alignment) }
}

/** The next offset that is aligned. */
export function padded(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment
}
