import { TemperError } from '../../base/error.ts'

/** A line and what is indented below it. */
export interface IndentedNode {
  /** What stands before the separator, without quotes: a key, or for yarn's own format a list of keys. */
  readonly key: string
  /** What follows on the same line, without quotes; empty where children follow. */
  readonly value: string
  readonly children: readonly IndentedNode[]
}

interface OpenNode extends IndentedNode {
  readonly children: OpenNode[]
  readonly indent: number
}

const depthLimit = 40
const nodeLimit = 3_000_000

/**
 * Reads what the lock files of yarn, pnpm, Ruby's Bundler and Dart have in common: one key a line, nested by indentation.
 * Those tools write nothing else of YAML: no anchors, no blocks that matter, so that no alias can multiply. Flow
 * mappings stay text; `flowMember` reads them. Comments, document marks and list items without a key
 * become nodes without value or are left out.
 */
export function readIndented(
  text: string,
  options: { readonly what: string; readonly separator?: ':' | ' ' },
): readonly IndentedNode[] {
  const root: OpenNode = { key: '', value: '', children: [], indent: -1 }
  const open: OpenNode[] = [root]
  let count = 0
  for (const line of linesOf(text)) {
    const indent = indentOf(line)
    if (indent === line.length || line[indent] === '#' || line.startsWith('---')) continue
    if (++count > nodeLimit) throw tooMuch(options.what, `more than ${nodeLimit} lines`)
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop()
    const parent = open.at(-1) ?? root
    const node = { ...split(line.slice(indent), options.separator ?? ':'), children: [], indent }
    parent.children.push(node)
    open.push(node)
    if (open.length > depthLimit) throw tooMuch(options.what, `nested deeper than ${depthLimit} levels`)
  }
  return root.children
}

function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf('\n', at)
    const end = next < 0 ? text.length : next
    yield text.slice(at, text[end - 1] === '\r' && end > at ? end - 1 : end)
    at = end + 1
  }
}

function indentOf(line: string): number {
  let at = 0
  while (line[at] === ' ') at++
  return at
}

function split(line: string, separator: ':' | ' '): { key: string; value: string } {
  const end = keyEnd(line, separator)
  if (end < 0) return { key: unquote(line), value: '' }
  return { key: unquote(line.slice(0, end)), value: unquote(line.slice(end + 1)) }
}

/** Where the key ends: behind a quoted word, else at the first separator that white space or the end follows. */
function keyEnd(line: string, separator: ':' | ' '): number {
  // yarn 1 ends lists of keys with a colon, and has nothing between a key and its value.
  if (separator === ' ' && line.endsWith(':')) return line.length - 1
  const quote = line[0]
  const from = quote === '"' || quote === "'" ? line.indexOf(quote, 1) : 0
  if (from < 0) return -1
  if (separator === ' ') return line.indexOf(' ', from)
  for (let at = line.indexOf(':', from); at >= 0; at = line.indexOf(':', at + 1))
    if (at + 1 === line.length || line[at + 1] === ' ') return at
  return -1
}

/** Without the quotes around it. */
export function unquote(text: string): string {
  const trimmed = text.trim()
  const quote = trimmed[0]
  if (trimmed.length < 2 || (quote !== '"' && quote !== "'") || !trimmed.endsWith(quote)) return trimmed
  return trimmed.slice(1, -1)
}

/** A member of a flow mapping: "{tarball: x, dev: true}" and "dev" give "true". */
export function flowMember(text: string, key: string): string | undefined {
  if (!text.startsWith('{') || text.length > 10_000) return undefined
  for (const pair of text.slice(1, -1).split(',')) {
    const colon = pair.indexOf(':')
    if (unquote(pair.slice(0, colon)) === key) return unquote(pair.slice(colon + 1))
  }
  return undefined
}

export function childOf(node: IndentedNode | undefined, key: string): IndentedNode | undefined {
  return node?.children.find((child) => child.key === key)
}

export function valueAt(node: IndentedNode | undefined, key: string): string | undefined {
  return childOf(node, key)?.value
}

function tooMuch(what: string, found: string): TemperError {
  return new TemperError('limit-exceeded', `${what}: ${found}`)
}
