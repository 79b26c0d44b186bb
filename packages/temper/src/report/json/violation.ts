import { levels, placePath, type Violation } from '../../model/rule.ts'
import { type Json, orNull, record, ref, text } from './vocabulary.ts'

/** A violation as it is in JSON everywhere, without what its kind of rule adds (docs/reference/violations.md). */
export function violationJson(violation: Violation): ViolationJson {
  const { rule, level, subject, place, found, remedy } = violation
  return { rule, level, subject, place, path: placePath(place) ?? null, found, remedy }
}

export interface ViolationJson extends Violation {
  /** The path of the place, for readers who want nothing else. */
  readonly path: string | null
}

/** JSON Schema of the members that every violation has. `place` stands among the definitions. */
export const violationMembers = {
  rule: text('Id of the rule.'),
  level: {
    enum: [...levels],
    description: 'How much it matters.',
  },
  subject: text('What breaks the rule, in as few words as name it.'),
  place: { ...ref('place'), description: 'Where it is.' },
  path: orNull('string', 'The path of the place, where it has one.'),
  found: text('What was found there, as a phrase.'),
  remedy: text('What to do about it, as a phrase.'),
} satisfies Readonly<Record<keyof ViolationJson, Json>>

const layer = text('Diff id of the layer that brought it, where there are layers.')
const position = (description: string): Json => ({ type: 'integer', minimum: 1, description })
const kind = (name: string): Json => ({ const: name, description: 'Which of the places it is.' })

/** JSON Schema of a place, by its kind. */
export const placeSchema: Json = {
  description: 'Where a rule is broken.',
  oneOf: [
    record({ kind: kind('path'), path: text('Absolute in what was judged.'), layer }, 'A file or folder.', [
      'layer',
    ]),
    record(
      {
        kind: kind('span'),
        file: text('An absolute path in an image, or a file as it was named.'),
        line: position('Line, from 1.'),
        column: position('Column, from 1.'),
        layer,
      },
      'A place in a text.',
      ['layer'],
    ),
    record({ kind: kind('layer'), layer: text('Its diff id.') }, 'A layer.'),
    record(
      {
        kind: kind('package'),
        name: text('As its ecosystem writes it.'),
        version: text('The version that is there.'),
        purl: text('Package URL.'),
        path: text('What says that it is there, where that is known.'),
      },
      'A package.',
      ['path'],
    ),
    record({ kind: kind('whole') }, 'All of what was judged, not a part of it.'),
  ],
}
