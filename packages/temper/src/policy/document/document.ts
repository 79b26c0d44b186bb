import { type Document, isAlias, isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import { tryUtf8 } from '../../base/bytes.ts'
import { TemperError, type TemperErrorOptions } from '../../base/error.ts'
import type { ErrorCode } from '../../base/error-code.ts'
import { printableLine } from '../../base/printable.ts'

export type DocumentPath = readonly PropertyKey[]

/** What kind of file is read, and how its errors speak of it. */
export interface DocumentKind {
  /** Begins the message: "Ignore rules cannot be read". */
  readonly title: string
  /** What the bytes in a message about its size are: "1048576 bytes of ignore rules". */
  readonly content: string
  readonly code: ErrorCode
  /** "failsafe" reads every scalar as text; "core" also knows numbers and booleans (YAML 1.2, chapter 10). */
  readonly schema: 'failsafe' | 'core'
  /** Limit on its size in bytes. */
  readonly bytes: number
  /** Limit on its nesting, in levels. */
  readonly depth: number
  readonly advice: Pick<TemperErrorOptions, 'hint' | 'next'>
}

/** A file that people wrote, YAML or JSON, as a value that nobody has checked. */
export interface PeoplesDocument {
  /** undefined when the file is empty. */
  readonly value: unknown
  /** Place of a value, or of the nearest thing around it: "policy.yaml:4:5". */
  placeOf(path: DocumentPath): string
}

/** Something wrong at a place of a document. */
export interface DocumentProblem {
  readonly path: DocumentPath
  readonly message: string
}

/** Most problems that one error tells. */
const mostProblems = 20

/**
 * Reads a file that people wrote. Throws `limit-exceeded`, or an error with the kind's code that lists every problem
 * with its line and column.
 */
export function readDocument(bytes: Uint8Array, file: string, kind: DocumentKind): PeoplesDocument {
  if (bytes.length > kind.bytes)
    throw new TemperError(
      'limit-exceeded',
      `${file}: expected at most ${kind.bytes} bytes of ${kind.content}, found ${bytes.length}`,
    )
  const text = tryUtf8(bytes)
  if (text === undefined) throw documentFault(kind, file, [`${file}: not UTF-8`])
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    version: '1.2',
    schema: kind.schema,
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  const broken = [
    ...document.errors.map(({ pos, message }) => `${at(pos[0])}: not valid YAML: ${printableLine(message)}`),
    ...unusable(document, kind.depth).map(({ offset, message }) => `${at(offset)}: ${message}`),
  ]
  if (broken.length > 0) throw documentFault(kind, file, broken)
  return {
    value: document.contents === null ? undefined : document.toJS({ maxAliasCount: 0 }),
    placeOf: (path) => at(offsetOf(document, path)),
  }
}

/** The error that lists problems, each of which begins with its place. */
export function documentFault(kind: DocumentKind, file: string, problems: readonly string[]): TemperError {
  const shown = problems.slice(0, mostProblems)
  const more = problems.length - shown.length
  const text = [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')
  return new TemperError(kind.code, `${kind.title} cannot be read:\n${text}`, {
    ...kind.advice,
    details: { file, problems: shown },
  })
}

/** A path as people write it, with a colon behind it: "ignore[0].reason: "; empty for the whole. */
export function pathText(path: DocumentPath): string {
  if (path.length === 0) return ''
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return `${printableLine(text.replace(/^\./, ''))}: `
}

/** Aliases, keys that are twice there, and nesting that no such file has. */
function unusable(document: Document, depth: number): { offset: number; message: string }[] {
  const problems: { offset: number; message: string }[] = []
  visit(document, {
    Node: (_key, node, path) => {
      const offset = node.range?.[0] ?? 0
      if (isAlias(node)) problems.push({ offset, message: 'aliases are not supported: write the value out' })
      if (path.length > depth * 2) {
        problems.push({ offset, message: `nested deeper than ${depth} levels` })
        return visit.BREAK
      }
      if (isMap(node)) {
        const names = new Set<string>()
        for (const { key } of node.items) {
          const name = isScalar(key) ? String(key.value) : ''
          const place = isScalar(key) ? (key.range?.[0] ?? offset) : offset
          if (names.has(name)) {
            const shown = printableLine(name, { most: 40 })
            problems.push({ offset: place, message: `the key "${shown}" is there twice` })
          }
          names.add(name)
        }
      }
      return undefined
    },
  })
  return problems
}

/** Character offset of a value, or of the nearest thing around it. */
function offsetOf(document: Document, path: DocumentPath): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as
      | { range?: readonly number[] | null }
      | undefined
    if (typeof node === 'object' && node?.range) return node.range[0] ?? 0
  }
  return document.contents?.range?.[0] ?? 0
}
