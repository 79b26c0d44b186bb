import { badIndex, shown, tooMuch } from './fault.ts'

/** A dependency, something provided or a conflict, as apk writes it (apk-world(5), apk-package(5)). */
export interface ApkRelation {
  /** "curl", "so:libz.so.1", "cmd:sh", "/bin/sh". */
  readonly name: string
  /** Absent: any version. `~`: versions that begin with this one. */
  readonly relation?: '<' | '<=' | '=' | '>=' | '>' | '~'
  readonly version?: string
  /** `!name`: must not be there. */
  readonly conflict?: true
  /** `name@tag`: from the repository of that tag. */
  readonly tag?: string
}

const form = /^(!?)([^\s<>=~@!]{1,256})(?:([<>=~]{1,3})([^\s<>=~@!]{1,256}))?(?:@([A-Za-z0-9._+-]{1,64}))?$/
/** apk takes the signs of an operator in any order. */
const relations: Readonly<Record<string, NonNullable<ApkRelation['relation']>>> = {
  '<': '<',
  '<=': '<=',
  '=<': '<=',
  '=': '=',
  '==': '=',
  '>=': '>=',
  '=>': '>=',
  '>': '>',
  '~': '~',
  '~=': '~',
  '=~': '~',
}
const mostRelations = 20_000

/** Reads one word. Errors: `bad-index`. */
export function parseRelation(text: string, where: string): ApkRelation {
  const [, mark, name, operator, version, tag] = form.exec(text) ?? []
  const relation = operator === undefined ? undefined : relations[operator]
  if (name === undefined || (operator !== undefined && relation === undefined))
    throw badIndex(where, `${shown(text)} is not a dependency`)
  return {
    name,
    ...(relation === undefined || version === undefined ? {} : { relation, version }),
    ...(mark === '!' ? { conflict: true as const } : {}),
    ...(tag === undefined ? {} : { tag }),
  }
}

/** Reads a list of words separated by blanks. Errors: `bad-index`, `limit-exceeded`. */
export function parseRelations(text: string, where: string): readonly ApkRelation[] {
  const words = text.split(' ').filter((word) => word !== '')
  if (words.length > mostRelations) throw tooMuch(where, `more than ${mostRelations} words`)
  return words.map((word) => parseRelation(word, where))
}
