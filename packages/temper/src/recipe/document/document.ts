import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import { TemperError } from '../../base/error.ts'
import type { ProblemList, RecipePath, RecipePlace } from './problem.ts'
import type { Substitution } from './vars.ts'
import type { YamlNode } from './yaml-node.ts'

/** Bounds on what is read. A recipe is written by hand; large files go beside it (contents.files). */
export const limits = { bytes: 256 * 1024, depth: 16, nodes: 20_000, textBytes: 1024 * 1024 } as const

/** A recipe as plain values, each with its place in the text. */
export interface RecipeDocument {
  readonly value: unknown
  /** Where a value is, or the nearest thing around it. */
  placeOf(path: RecipePath): RecipePlace
  /** Where the key of a value is. */
  keyPlaceOf(path: RecipePath): RecipePlace
}

/** Where a number stands, and how it is written. */
interface NumberPlace {
  readonly offset: number
  readonly source: string
}

/** Where a text stands, and whether it stands there without quotes. */
interface TextPlace {
  readonly offset: number
  readonly plain: boolean
}

/** Keys under which numbers and booleans are text exactly as written: `1.20` stays `1.20`. */
const textKeys = new Set([
  ...['environment', 'labels', 'annotations', 'os-release', 'vars', 'tags', 'line'],
  ...['entrypoint', 'cmd', 'command', 'members', 'dates'],
])
/** Keys whose numbers are octal: 755 without a prefix would silently mean 0o1363. */
const modeKeys = new Set(['permissions', 'mode'])

/** Parses the text; YAML errors are added to `problems`, and what could be read is returned. */
export function parseYaml(text: string, problems: ProblemList): YamlNode | undefined {
  if (text.length > limits.bytes)
    throw new TemperError(
      'limit-exceeded',
      `${problems.file}: a recipe has at most ${limits.bytes} characters, found ${text.length}`,
      { hint: 'Put large files beside the recipe and name them under contents.files.' },
    )
  // uniqueKeys is quadratic in this library: keys are compared in `readDocument`.
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  })
  for (const error of document.errors.slice(0, 10)) {
    if (error.message.includes('call stack')) throw tooDeep(problems.file)
    problems.add(error.pos[0], [], yamlMessage(error.code, error.message))
  }
  return document.contents ?? undefined
}

function yamlMessage(code: string, message: string): string {
  if (code === 'TAB_AS_INDENT') return 'YAML is indented with spaces; found a tab'
  if (code === 'MULTIPLE_DOCS') return 'a recipe is one YAML document; found a second one after "---"'
  return `this is not valid YAML: ${message.replaceAll(/\s+/g, ' ').slice(0, 200)}`
}

function tooDeep(file: string): TemperError {
  return new TemperError('limit-exceeded', `${file}: nested deeper than ${limits.depth} levels`)
}

/** Turns YAML nodes into plain values, substituting vars in texts and remembering places. */
export function readDocument(
  root: YamlNode | undefined,
  problems: ProblemList,
  substitution: Substitution,
): RecipeDocument {
  const reader = new NodeReader(problems, substitution)
  const value = root === undefined ? null : reader.read(root, [])
  const find = (offsets: ReadonlyMap<string, number>, path: RecipePath): RecipePlace => {
    for (let length = path.length; length > 0; length--) {
      const offset = offsets.get(key(path.slice(0, length)))
      if (offset !== undefined) return { problems, offset, path }
    }
    return { problems, offset: 0, path }
  }
  return {
    value,
    placeOf: (path) => find(reader.values, path),
    keyPlaceOf: (path) => find(reader.keys, path),
  }
}

function key(path: RecipePath): string {
  return JSON.stringify(path)
}

class NodeReader {
  readonly values = new Map<string, number>()
  readonly keys = new Map<string, number>()
  private readonly anchors = new Map<string, YamlNode>()
  private readonly open = new Set<YamlNode>()
  private nodes = 0
  private textBytes = 0
  private readonly problems: ProblemList
  private readonly substitution: Substitution

  constructor(problems: ProblemList, substitution: Substitution) {
    this.problems = problems
    this.substitution = substitution
  }

  read(node: YamlNode, path: RecipePath): unknown {
    const offset = node.range?.[0] ?? 0
    this.values.set(key(path), offset)
    if (++this.nodes > limits.nodes) throw this.tooMuch(`more than ${limits.nodes} values`)
    if (path.length > limits.depth) throw tooDeep(this.problems.file)
    if (isAlias(node)) return this.readAlias(node.source, path, offset)
    if (node.anchor !== undefined) this.anchors.set(node.anchor, node)
    if (this.open.has(node)) {
      this.problems.add(offset, path, `the anchor "&${node.anchor ?? ''}" contains itself`)
      return null
    }
    this.open.add(node)
    try {
      if (isMap(node)) return this.readMap(node.items, path)
      if (isSeq(node)) return node.items.map((item, i) => this.read(item as YamlNode, [...path, i]))
      return isScalar(node) ? this.readScalar(node, path, offset) : null
    } finally {
      this.open.delete(node)
    }
  }

  private readAlias(name: string, path: RecipePath, offset: number): unknown {
    const target = this.anchors.get(name)
    if (target !== undefined) return this.read(target, path)
    this.problems.add(offset, path, `the alias "*${name}" has no anchor "&${name}" before it`)
    return null
  }

  private readMap(items: readonly { key: unknown; value: unknown }[], path: RecipePath): unknown {
    const value: Record<string, unknown> = {}
    const lines = new Map<string, number>()
    for (const pair of items) {
      const keyNode = pair.key as YamlNode
      const offset = keyNode.range?.[0] ?? 0
      const name = isScalar(keyNode) ? String(keyNode.source ?? keyNode.value) : undefined
      if (name === undefined || name === '__proto__') {
        this.problems.add(offset, path, 'a key is one plain word')
        continue
      }
      const inner = [...path, name]
      if (name === '<<') {
        this.problems.add(offset, inner, 'merge keys are not supported: write the fields out, or use vars')
        continue
      }
      if (lines.has(name)) {
        this.problems.add(offset, inner, 'this key is there twice; keep one of the two')
        continue
      }
      lines.set(name, offset)
      this.keys.set(key(inner), offset)
      value[name] =
        pair.value === null ? this.readNothing(inner, offset) : this.read(pair.value as YamlNode, inner)
    }
    return value
  }

  private readNothing(path: RecipePath, offset: number): null {
    this.values.set(key(path), offset)
    return null
  }

  private readScalar(
    node: { value: unknown; source?: string; tag?: string; type?: string },
    path: RecipePath,
    offset: number,
  ): unknown {
    if (node.tag?.startsWith('!') === true) {
      const tag = node.tag.slice(0, 60)
      const message = `YAML reads "${tag}" as a tag: put it in quotes: "${tag}"`
      this.problems.add(Math.max(0, offset - tag.length), path, message)
      return tag
    }
    if (typeof node.value === 'string')
      return this.readText(node.value, path, { offset, plain: node.type === 'PLAIN' })
    const source = node.source ?? ''
    if (typeof node.value === 'number') return this.readNumber(node.value, path, { offset, source })
    return node.value !== null && isText(path) ? source : node.value
  }

  private readNumber(value: number, path: RecipePath, { offset, source }: NumberPlace): unknown {
    if (isText(path)) return source
    // YAML 1.1, which apko's parser follows here, reads a leading zero as octal; 1.2 reads decimal.
    if (/^0(o?[0-7]+)?$/.test(source)) return Number.parseInt(source.replace('o', ''), 8)
    const name = path.at(-1)
    if (typeof name === 'string' && modeKeys.has(name)) {
      const octal = source.slice(0, 8)
      const advice = /^[0-7]{3,4}$/.test(octal)
        ? `${octal} is decimal here; permissions are octal: write 0o${octal}`
        : `expected octal permissions like 0o755 or "0755", found the number ${octal}`
      this.problems.add(offset, path, advice)
    }
    return value
  }

  private readText(raw: string, path: RecipePath, { offset, plain }: TextPlace): unknown {
    // The definitions of vars are substituted where they are resolved.
    if (path[0] === 'vars' || !raw.includes('${{')) return this.count(raw)
    const text = this.count(this.substitution(raw, { problems: this.problems, offset, path }))
    return plain && /^(0|[1-9]\d{0,9})$/.test(text) && !isText(path) ? Number(text) : text
  }

  /** Aliases and vars may repeat a long text many times. */
  private count(text: string): string {
    this.textBytes += text.length
    if (this.textBytes > limits.textBytes)
      throw this.tooMuch(`more than ${limits.textBytes} characters of text`)
    return text
  }

  private tooMuch(found: string): TemperError {
    return new TemperError(
      'limit-exceeded',
      `${this.problems.file}: ${found}, with aliases and vars written out`,
    )
  }
}

function isText(path: RecipePath): boolean {
  return path.some((part) => typeof part === 'string' && textKeys.has(part))
}
