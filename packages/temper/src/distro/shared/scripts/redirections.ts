import type { Redirect, Word } from './parse/syntax.ts'
import type { Streams } from './streams.ts'
import type { ScriptWorld, Status, Value } from './world.ts'

export interface RedirectTarget {
  /** Undefined when not known. */
  readonly path: Value
  readonly append: boolean
}

/** Where the streams of a command go and come from. */
export interface Redirections {
  /** Present when standard input is replaced. */
  readonly input?: { readonly value: Value }
  /** A file, or `elsewhere`: another descriptor or a device. */
  readonly output: RedirectTarget | 'elsewhere' | undefined
  /** Files that other descriptors write to. */
  readonly others: readonly RedirectTarget[]
}

/** A command with its redirections. */
export interface RedirectedNode {
  readonly line: number
  readonly text: string
  readonly redirects: readonly Redirect[]
}

/** What redirections need from the interpreter. */
export interface RedirectShell {
  readonly streams: Streams
  expand(word: Word): Value
  absolute(path: Value): Value
  read(path: Value): Value
  write(file: RedirectTarget, content: Value): void
}

/** Runs something with its streams where its redirections lead them. */
export function withRedirections(
  { redirects }: RedirectedNode,
  body: () => Status,
  shell: RedirectShell,
): Status {
  if (redirects.length === 0) return body()
  const { streams } = shell
  const before = streams.input
  const { input, output, others } = planRedirections(redirects, shell)
  for (const file of others) shell.write(file, undefined)
  if (input) streams.input = input.value
  const result = output === undefined ? { status: body() } : streams.captured(body)
  streams.input = before
  if (output !== undefined && output !== 'elsewhere' && 'output' in result) shell.write(output, result.output)
  return result.status
}

/** Works redirections out (POSIX 2.7), in their order. */
function planRedirections(redirects: readonly Redirect[], shell: RedirectShell): Redirections {
  let input: { readonly value: Value } | undefined
  let output: Redirections['output']
  const others: RedirectTarget[] = []
  for (const { descriptor, operator, target } of redirects) {
    const value = shell.expand(target)
    if (operator === '<<') input = { value }
    else if (operator === '<') input = { value: shell.read(value) }
    else if (operator === '>&' && descriptor === 1) output = 'elsewhere'
    else if (operator === '>' || operator === '>>') {
      const path = shell.absolute(value)
      const device = path?.startsWith('/dev/') ?? false
      const file: RedirectTarget = { path, append: operator === '>>' }
      if (descriptor === 1) output = device ? 'elsewhere' : file
      else if (!device) others.push(file)
    }
  }
  return { ...(input === undefined ? {} : { input }), output, others }
}

/** The content of a file from which input is taken. */
export function readInput(path: Value, world: ScriptWorld): Value {
  if (path === undefined) return undefined
  return path === '/dev/null' ? '' : world.read(path)
}
