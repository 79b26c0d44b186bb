import { stringEnd } from './depth.ts'

/** Names that objects of a document have more than once. Parsers take the last member of a name and drop the others. */
export interface RepeatedNames {
  /** The first of them. */
  readonly name: string
  /** How many members were dropped. */
  readonly dropped: number
}

/**
 * What a parser dropped of a document: undefined when nothing. `written` is the number of members in its text, `value`
 * what the parser made of it. Only when the two do not agree is the text looked at again, for the name.
 */
export function repeatedNames(text: string, written: number, value: unknown): RepeatedNames | undefined {
  const dropped = written - membersOf(value)
  return dropped === 0 ? undefined : { name: firstRepeated(text) ?? '', dropped }
}

/** Without recursion: how deep a document is nested is for the document to say. */
function membersOf(value: unknown): number {
  let members = 0
  const open: object[] = isNested(value) ? [value] : []
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) {
      for (const each of next) if (isNested(each)) open.push(each)
      continue
    }
    // Not Object.values: a list made of each of a million objects takes twice the time.
    for (const name in next) {
      members++
      const each = (next as Record<string, unknown>)[name]
      if (isNested(each)) open.push(each)
    }
  }
  return members
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Of text that is JSON: names are compared as they are meant, not as they are escaped. */
function firstRepeated(text: string): string | undefined {
  const open: Set<string>[] = []
  let last = ''
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === 0x22) {
      const end = stringEnd(text, i)
      last = text.slice(i, end + 1)
      i = end
    } else if (char === 0x7b || char === 0x5b) open.push(new Set())
    else if (char === 0x7d || char === 0x5d) open.pop()
    else if (char === 0x3a) {
      const name: string = JSON.parse(last)
      const names = open.at(-1)
      if (names?.has(name) === true) return name
      names?.add(name)
    }
  }
  return undefined
}
