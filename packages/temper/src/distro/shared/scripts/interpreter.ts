import { assignedNames } from './assigned.ts'
import { type BranchEnd, joinBranches } from './branches.ts'
import { builtins } from './builtins.ts'
import { Certainty } from './certainty.ts'
import { copyEnvironment, type Environment } from './environment.ts'
import { Fuel, OutOfFuel } from './fuel.ts'
import type { Node, Redirect, SimpleCommand } from './parse/syntax.ts'
import { planRedirections, type RedirectTarget } from './redirections.ts'
import type { CommandSource, Shell, Signal } from './shell.ts'
import { Streams } from './streams.ts'
import { possibleArms } from './words/case-arms.ts'
import { type Expander, expandToValue, expandWords } from './words/expand.ts'
import type { ScriptWorld, Status, Value } from './world.ts'

/** Nesting of commands and calls that is followed; each takes some frames of the stack. */
const maximumDepth = 400

/**
 * Follows a script the way a shell would, without running anything: what is known decides, and where
 * nothing is known all ways are followed as "perhaps". The premise is that the script succeeds, so a way
 * that ends in `exit 1` was not taken.
 */
export class Interpreter implements Shell {
  environment: Environment
  readonly world: ScriptWorld
  readonly fuel: Fuel
  signal: Signal | undefined
  readonly #certainty = new Certainty()
  readonly #streams: Streams
  #depth = 0
  sourceLine: number | undefined
  user: { readonly uid: number; readonly gid: number } | undefined = { uid: 0, gid: 0 }

  constructor(world: ScriptWorld, environment: Environment, options: { readonly fuel: number }) {
    this.world = world
    this.environment = environment
    this.fuel = new Fuel(options.fuel)
    this.#streams = new Streams(this.fuel)
  }

  get input(): Value {
    return this.#streams.input
  }

  get expander(): Expander {
    return {
      environment: this.environment,
      world: this.world,
      fuel: this.fuel,
      substitute: (body) => this.#substitute(body),
    }
  }

  /** A path of the script as an absolute one; undefined when not known. */
  absolute(path: Value): Value {
    if (path === undefined || path === '' || path.startsWith('/')) return path
    const { folder } = this.environment
    return folder === undefined ? undefined : `${folder === '/' ? '' : folder}/${path}`
  }

  emit(text: Value): void {
    this.#streams.emit(text)
  }

  run(node: Node): Status {
    this.fuel.spend(1)
    if (this.#depth >= maximumDepth) throw new OutOfFuel('the script is nested too deeply to be followed')
    this.#depth++
    const status = this.#runNode(node)
    this.#depth--
    return status
  }

  #runNode(node: Node): Status {
    switch (node.kind) {
      case 'sequence':
        return this.#sequence(node.items)
      case 'simple':
        return this.#simple(node)
      case 'redirected':
        return this.#withRedirects(node, () => this.run(node.body))
      case 'pipeline':
        return this.#pipeline(node)
      case 'chain':
        return this.#chain(node)
      case 'if':
        return this.#if(node.arms, node.otherwise)
      case 'case':
        return this.#case(node)
      case 'for':
        return this.#for(node)
      case 'while':
        return this.#while(node)
      case 'subshell':
        return this.#subshell(node.body)
      case 'function':
        this.environment.functions.set(node.name, node.body)
        return 0
      case 'opaque':
        return this.command(node, [node.text])
    }
  }

  #sequence(items: readonly Node[]): Status {
    let status: Status = 0
    for (const item of items) {
      status = this.run(item)
      this.environment.variables.set('?', status === undefined ? undefined : String(status))
      if (this.signal) break
    }
    return status
  }

  #chain(node: Node & { kind: 'chain' }): Status {
    let status = this.run(node.first)
    for (const { operator, node: next } of node.rest) {
      if (this.signal) break
      if (status === undefined) {
        const skipped = operator === 'and' ? undefined : 0
        status = this.#branches([() => this.run(next), () => skipped])
      } else if ((status === 0) === (operator === 'and')) status = this.run(next)
    }
    return status
  }

  #if(arms: readonly { condition: Node; body: Node }[], otherwise: Node | undefined): Status {
    const [arm, ...rest] = arms
    if (!arm) return otherwise ? this.run(otherwise) : 0
    const condition = this.run(arm.condition)
    if (this.signal) return condition
    if (condition === 0) return this.run(arm.body)
    if (condition !== undefined) return this.#if(rest, otherwise)
    return this.#branches([() => this.run(arm.body), () => this.#if(rest, otherwise)])
  }

  #case(node: Node & { kind: 'case' }): Status {
    const { bodies, complete } = possibleArms(node, this.expander)
    const [only, ...others] = bodies
    if (only === undefined) return 0
    if (complete && others.length === 0) return this.run(only)
    const ways = bodies.map((body) => () => this.run(body))
    return this.#branches(complete ? ways : [...ways, () => 0])
  }

  #for(node: Node & { kind: 'for' }): Status {
    const values = node.words ? expandWords(node.words, this.expander) : [...this.environment.positional]
    return this.#certainty.bounded('loop', () => {
      let status: Status = 0
      for (const value of values) {
        this.fuel.spend(1)
        if (value === undefined) status = this.#perhapsRepeated(node.body, [node.variable])
        else {
          this.environment.variables.set(node.variable, value)
          status = this.run(node.body)
        }
        if (this.#endOfRound()) break
      }
      return status
    })
  }

  #while(node: Node & { kind: 'while' }): Status {
    return this.#certainty.bounded('loop', () => {
      while (!this.#lastRound(node));
      return 0
    })
  }

  /** One round of a loop; true when it was the last. */
  #lastRound(node: Node & { kind: 'while' }): boolean {
    this.fuel.spend(1)
    const condition = this.run(node.condition)
    if (this.signal) return this.#endOfRound() || condition === undefined
    if (condition === undefined) {
      this.#perhapsRepeated({ kind: 'sequence', items: [node.body, node.condition] }, [])
      this.#endOfRound()
      return true
    }
    if ((condition === 0) === node.until) return true
    // After a round that may have ended the loop, nothing is known of how many more there are.
    const last = this.#certainty.doubts('loop')
    if (last) this.#perhapsRepeated(node.body, [])
    else this.run(node.body)
    return this.#endOfRound() || last
  }

  /** Takes `break` and `continue`; true when the loop is over. */
  #endOfRound(): boolean {
    if (!this.signal) return false
    if (this.signal.kind !== 'loop') return true
    const over = !this.signal.next
    this.signal = undefined
    return over
  }

  /** Runs a body that runs any number of times: what it assigns is unknown from the start. */
  #perhapsRepeated(body: Node, names: readonly string[]): Status {
    for (const name of [...names, ...assignedNames(body, this.environment.functions)])
      this.environment.variables.set(name, undefined)
    return this.#branches([() => this.run(body), () => 0])
  }

  /** Follows several ways of which one is taken. */
  #branches(ways: readonly (() => Status)[]): Status {
    const before = this.environment
    const ends: BranchEnd[] = []
    for (const way of ways) {
      this.fuel.spend(before.variables.size)
      this.environment = copyEnvironment(before)
      this.signal = undefined
      const status = this.#certainty.perhaps(way)
      ends.push({ environment: this.environment, signal: this.signal, status })
    }
    this.environment = before
    const joined = joinBranches(before, ends)
    this.signal = joined.signal
    this.#certainty.doubt(joined.doubts)
    return joined.status
  }

  #subshell(body: Node): Status {
    const { environment } = this
    this.fuel.spend(environment.variables.size)
    this.environment = copyEnvironment(environment)
    const status = this.#certainty.enclosed(() => this.run(body))
    const { signal } = this
    this.signal = undefined
    this.environment = environment
    return signal ? signal.status : status
  }

  #substitute(body: Node): Value {
    const { output, status } = this.#streams.captured(() => this.#subshell(body))
    this.environment.variables.set('?', status === undefined ? undefined : String(status))
    return output?.replace(/\n+$/, '')
  }

  #pipeline(node: Node & { kind: 'pipeline' }): Status {
    let status: Status = 0
    const input = this.#streams.input
    node.stages.forEach((stage, i) => {
      if (i === node.stages.length - 1) {
        status = node.stages.length === 1 ? this.run(stage) : this.#subshell(stage)
      } else {
        const { output } = this.#streams.captured(() => this.#subshell(stage))
        this.#streams.input = output
      }
    })
    this.#streams.input = input
    if (!node.negated || status === undefined) return status
    return status === 0 ? 1 : 0
  }

  #simple(node: SimpleCommand): Status {
    this.environment.variables.set('?', '0')
    const words = expandWords(node.words, this.expander)
    for (const { name, value, append } of node.assignments) {
      const text = expandToValue(value, this.expander)
      const old = append ? this.expander.environment.variables.get(name) : ''
      if (words.length > 0) continue
      const joined = text === undefined || (append && old === undefined) ? undefined : (old ?? '') + text
      this.environment.variables.set(name, joined)
    }
    return this.#withRedirects(node, () => {
      if (words.length > 0) return this.command(node, words)
      const last = this.environment.variables.get('?')
      return last === undefined ? undefined : Number(last)
    })
  }

  /** Runs a command whose words are known as far as they can be. */
  command(node: CommandSource, words: readonly Value[]): Status {
    // Commands are what takes memory: each is kept for the report.
    this.fuel.spend(20)
    const [name, ...rest] = words
    const body = name === undefined ? undefined : this.environment.functions.get(name)
    if (body) return this.#call(body, rest)
    const builtin = name === undefined ? undefined : builtins.get(name)
    if (builtin) {
      const result = builtin(rest, this, node)
      if (result !== 'external') return result
    }
    const { text } = node
    const line = this.sourceLine ?? node.line
    const { umask } = this.environment
    const result = this.world.run({
      line,
      text,
      words,
      certain: this.#certainty.sure,
      input: this.#streams.input,
      umask,
    })
    this.emit(result.output)
    for (const [variable, value] of Object.entries(result.sets ?? {}))
      this.environment.variables.set(variable, value)
    return result.status
  }

  #call(body: Node, positional: readonly Value[]): Status {
    const { environment } = this
    const caller = environment.positional
    environment.positional = positional
    const status = this.#certainty.bounded('return', () => this.run(body))
    this.environment.positional = caller
    if (this.signal?.kind !== 'return') return status
    const returned = this.signal.status
    this.signal = undefined
    return returned
  }

  #withRedirects(
    node: { readonly line: number; readonly text: string; readonly redirects: readonly Redirect[] },
    body: () => Status,
  ): Status {
    if (node.redirects.length === 0) return body()
    const before = this.#streams.input
    const { input, output, others } = planRedirections(node.redirects, {
      expand: (word) => expandToValue(word, this.expander),
      absolute: (path) => this.absolute(path),
      read: (path) => this.#read(path),
    })
    for (const file of others) this.#write(node, file, undefined)
    if (input) this.#streams.input = input.value
    const result = output === undefined ? { status: body() } : this.#streams.captured(body)
    this.#streams.input = before
    if (output !== undefined && output !== 'elsewhere' && 'output' in result)
      this.#write(node, output, result.output)
    return result.status
  }

  #read(path: Value): Value {
    const absolute = this.absolute(path)
    if (absolute === undefined) return undefined
    return absolute === '/dev/null' ? '' : this.world.read(absolute)
  }

  #write(source: CommandSource, file: RedirectTarget, content: Value): void {
    const { umask } = this.environment
    const line = this.sourceLine ?? source.line
    this.world.write({ ...file, content, line, text: source.text, certain: this.#certainty.sure, umask })
  }
}
