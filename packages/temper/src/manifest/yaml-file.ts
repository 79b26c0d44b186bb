import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  visit,
} from 'yaml'
import { TemperError } from '../base/error.ts'
import { printableLine } from '../base/printable.ts'
import type { FieldPath, TextPlace } from '../model/assess/workload.ts'

/** Bounds on what is read: rendered charts of whole platforms stay far below. */
export const manifestLimits = { bytes: 32 * 2 ** 20, documents: 10_000, depth: 100, aliases: 1000 } as const

/** One document of a file of YAML or JSON. */
export interface ManifestDocument {
  /** Plain values, aliases and merge keys resolved. */
  readonly value: unknown
  /** Where the file has the value at a path, or the nearest thing around it. */
  locate(path: FieldPath): TextPlace
  /** Where the text of a scalar is, quotes left out; absent for what is written in another way. */
  spanOf(path: FieldPath): { readonly start: number; readonly end: number } | undefined
}

/**
 * Reads all documents of a file. "1.1" is what Kubernetes takes for YAML ("yes" is true), "1.2" what Compose does.
 * Throws `bad-manifest` with the line, and `limit-exceeded`.
 */
export function readDocuments(
  text: string,
  { file, version }: { readonly file: string; readonly version: '1.1' | '1.2' },
): readonly ManifestDocument[] {
  if (text.length > manifestLimits.bytes) throw tooMuch(file, `more than ${manifestLimits.bytes} characters`)
  const lines = new LineCounter()
  const documents = parsed(text, { file, version, lines })
  if (documents.length > manifestLimits.documents)
    throw tooMuch(file, `more than ${manifestLimits.documents} documents`)
  return documents.flatMap((document) => {
    const [error] = document.errors
    if (error !== undefined) throw badYaml(error.message, { file, ...lines.linePos(error.pos[0]) })
    if (document.contents === null) return []
    const braces = collectionKey(document)
    if (braces !== undefined) throw badYaml('a key in braces {{ }}', { file, ...lines.linePos(braces) })
    return [new Reading(document, { file, lines, text })]
  })
}

function parsed(
  text: string,
  {
    file,
    version,
    lines,
  }: { readonly file: string; readonly version: '1.1' | '1.2'; readonly lines: LineCounter },
): readonly Document.Parsed[] {
  try {
    // uniqueKeys is quadratic in this library; a cluster takes the last of equal keys.
    const options = {
      version,
      merge: true,
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter: lines,
    } as const
    return [...parseAllDocuments(text, { ...options, logLevel: 'error' })] as Document.Parsed[]
  } catch (error) {
    if (error instanceof RangeError) throw tooMuch(file, `nested deeper than ${manifestLimits.depth} levels`)
    throw error
  }
}

interface Source {
  readonly file: string
  readonly lines: LineCounter
  readonly text: string
}

class Reading implements ManifestDocument {
  readonly value: unknown
  readonly #document: Document.Parsed
  readonly #source: Source

  constructor(document: Document.Parsed, source: Source) {
    this.#document = document
    this.#source = source
    this.value = plainValue(document, source.file)
  }

  locate(path: FieldPath): TextPlace {
    const { file, lines } = this.#source
    let start = this.#document.contents?.range?.[0] ?? 0
    let node: unknown = this.#document.contents
    for (const part of path) {
      const step = this.#step(node, part)
      if (step === undefined) break
      start = step.start ?? start
      node = step.node
    }
    const { line, col } = lines.linePos(start)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }

  spanOf(path: FieldPath): { readonly start: number; readonly end: number } | undefined {
    let node: unknown = this.#document.contents
    for (const part of path) node = this.#step(node, part)?.node
    node = this.#resolved(node)
    if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return undefined
    const quotes = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0
    const [start, end] = [node.range[0] + quotes, node.range[1] - quotes]
    // Folded, escaped or blocks: what is there is not what it says.
    return this.#source.text.slice(start, end) === node.value ? { start, end } : undefined
  }

  /** One part further: the node there, and where its key (or itself) begins. */
  #step(from: unknown, part: string | number): { node: unknown; start: number | undefined } | undefined {
    const node = this.#resolved(from)
    if (isSeq(node) && typeof part === 'number') {
      const item = node.items[part] as Node | undefined
      return item === undefined ? undefined : { node: item, start: item?.range?.[0] }
    }
    if (!isMap(node)) return undefined
    const pair = this.#pair(node.items, part, 0)
    return pair && { node: pair.value, start: (pair.key as Node | null)?.range?.[0] }
  }

  /** The last pair with the key, else one that a merge key brings. */
  #pair(items: readonly Pair[], part: string | number, depth: number): Pair | undefined {
    const own = items.findLast(({ key }) => isScalar(key) && String(key.value) === String(part))
    if (own !== undefined || depth > 10) return own
    for (const { key, value } of items) {
      if (!isScalar(key) || (key.source ?? key.value) !== '<<') continue
      const merged = this.#resolved(value)
      for (const each of isSeq(merged) ? merged.items : [merged]) {
        const map = this.#resolved(each)
        const pair = isMap(map) ? this.#pair(map.items, part, depth + 1) : undefined
        if (pair !== undefined) return pair
      }
    }
    return undefined
  }

  #resolved(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#document) : node
  }
}

/** Where a key is a list or a map, as in the templates of charts: "{{ .Values.image }}" is YAML, of no use to anybody. */
function collectionKey(document: Document.Parsed): number | undefined {
  let start: number | undefined
  visit(document, {
    Pair: (_, { key }) => {
      if (!isMap(key) && !isSeq(key)) return undefined
      start = key.range?.[0] ?? 0
      return visit.BREAK
    },
  })
  return start
}

function plainValue(document: Document.Parsed, file: string): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: manifestLimits.aliases })
    if (deeper(value, manifestLimits.depth))
      throw tooMuch(file, `nested deeper than ${manifestLimits.depth} levels`)
    return value
  } catch (error) {
    if (error instanceof TemperError || !(error instanceof Error)) throw error
    const excessive = error instanceof ReferenceError && /excessive alias/i.test(error.message)
    if (error instanceof RangeError || excessive)
      throw tooMuch(file, 'aliases that expand to more than anyone would write')
    // Of merge keys and tags that do not fit what they are at, and of aliases without an anchor.
    throw new TemperError('bad-manifest', `${file}: this is not valid YAML: ${printableLine(error.message)}`)
  }
}

function deeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((each) => deeper(each, levels - 1))
}

function badYaml(
  message: string,
  place: { readonly file: string; readonly line: number; readonly col: number },
): TemperError {
  const template = message.includes('{{') || /flow map|flow-map/i.test(message)
  return new TemperError(
    'bad-manifest',
    `${place.file}:${place.line}:${place.col}: this is not valid YAML: ${printableLine(message)}`,
    template ? { hint: 'A template of a chart has to be rendered first: helm template CHART' } : {},
  )
}

function tooMuch(file: string, what: string): TemperError {
  return new TemperError('limit-exceeded', `${file}: ${what}`)
}
