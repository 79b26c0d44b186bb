import { assign } from './assign.ts'
import { assignedNames } from './assigned.ts'
import { type BranchEnd, joinBranches } from './branches.ts'
import { builtins } from './builtins.ts'
import { callFunction } from './call-function.ts'
import { Certainty } from './certainty.ts'
import { absolutePath, copyEnvironment, type Environment, getVariable } from './environment.ts'
import { Fuel, OutOfFuel } from './fuel.ts'
import type { Node, SimpleCommand } from './parse/syntax.ts'
import { type RedirectedNode, type RedirectTarget, readInput, withRedirections } from './redirections.ts'
import { followText, runExitTrap } from './run-text.ts'
import type { CommandSource, Dialect, Shell, ShellOptions, Signal } from './shell.ts'
import { endOfRound } from './shell.ts'
import { Streams } from './streams.ts'
import { possibleArms } from './words/case-arms.ts'
import { commandWords } from './words/declared-words.ts'
import { type Expander, expandToValue, expandWords } from './words/expand.ts'
import type { ScriptWorld, Status, Value } from './world.ts'

/** Nesting of commands and calls that is followed; each takes some frames of the stack. */
const maximumDepth = 400

/**
 * Follows a script the way a shell would, without running it: known values decide, and all branches of an unknown
 * condition are followed as "perhaps". It is assumed to succeed: a branch that ends in `exit 1` was not taken.
 */
export class Interpreter implements Shell {
  environment: Environment
  readonly world: ScriptWorld
  readonly fuel: Fuel
  readonly dialect: Dialect
  signal: Signal | undefined
  readonly #certainty = new Certainty()
  readonly #streams: Streams
  #depth = 0
  /** How the last command substitution of the present command ended. */
  #substituted: Status = 0
  loops = 0
  sourceLine: number | undefined
  user: { readonly uid: number; readonly gid: number } | undefined = { uid: 0, gid: 0 }

  constructor(world: ScriptWorld, environment: Environment, options: ShellOptions) {
    this.world = world
    this.environment = environment
    this.fuel = new Fuel(options.fuel)
    this.dialect = options.dialect
    this.#streams = new Streams(this.fuel)
  }

  get input(): Value {
    return this.#streams.input
  }
  set input(text: Value) {
    this.#streams.input = text
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
    return absolutePath(this.environment, path)
  }

  emit(text: Value): void {
    this.#streams.emit(text)
  }

  run(node: Node): Status {
    this.fuel.spend(1)
    if (this.#depth >= maximumDepth) throw new OutOfFuel('the script is nested too deeply to be followed')
    this.#depth++
    const status = this.#runNode(node)
    this.environment.variables.set('?', status === undefined ? undefined : String(status))
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
    return this.#loop(() => {
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

  #loop(body: () => Status): Status {
    this.loops++
    const status = this.#certainty.bounded('loop', body)
    this.loops--
    return status
  }

  #while(node: Node & { kind: 'while' }): Status {
    return this.#loop(() => {
      const rounds: { status: Status } = { status: 0 }
      while (!this.#lastRound(node, rounds));
      return rounds.status
    })
  }

  /** One round of a loop; true when it was the last. */
  #lastRound(node: Node & { kind: 'while' }, rounds: { status: Status }): boolean {
    this.fuel.spend(1)
    const condition = this.run(node.condition)
    if (this.signal) return this.#endOfRound() || condition === undefined
    if (condition === undefined) {
      this.#perhapsRepeated({ kind: 'sequence', items: [node.body, node.condition] }, [])
      rounds.status = undefined
      this.#endOfRound()
      return true
    }
    if ((condition === 0) === node.until) return true
    // After a round that may have ended the loop, nothing is known of how many more there are.
    const last = this.#certainty.doubts('loop')
    rounds.status = last ? this.#perhapsRepeated(node.body, []) : this.run(node.body)
    return this.#endOfRound() || last
  }

  /** Takes `break` and `continue`; true when the loop is over. */
  #endOfRound(): boolean {
    const { over, signal: left } = endOfRound(this.signal)
    this.signal = left
    return over
  }

  /** Runs a body an unknown number of times: what it assigns is unknown from the start. */
  #perhapsRepeated(body: Node, names: readonly string[]): Status {
    for (const name of [...names, ...assignedNames(body, this.environment.functions)])
      this.environment.variables.set(name, undefined)
    this.#streams.input = undefined
    return this.#branches([() => this.run(body), () => 0])
  }

  /** Follows several branches of which one is taken. */
  #branches(ways: readonly (() => Status)[]): Status {
    const before = this.environment
    const ends: BranchEnd[] = []
    const { input } = this.#streams
    const left = new Set<Value>()
    for (const way of ways) {
      this.fuel.spend(before.variables.size)
      this.environment = copyEnvironment(before)
      this.signal = undefined
      this.#streams.input = input
      const status = this.#certainty.perhaps(way)
      ends.push({ environment: this.environment, signal: this.signal, status })
      left.add(this.#streams.input)
    }
    // How much was read of the input is known only when all ways read as much.
    this.#streams.input = left.size === 1 ? [...left][0] : undefined
    this.environment = before
    const joined = joinBranches(before, ends)
    this.signal = joined.signal
    this.#certainty.doubt(joined.doubts)
    return joined.status
  }

  /** Runs a script to its end, then its exit trap. */
  runWhole(script: Node): Status {
    const status = this.run(script)
    const { signal } = this
    const { atExit } = this.environment
    if (atExit === undefined || (signal?.status ?? 0) !== 0) return status
    this.signal = undefined
    this.environment.atExit = undefined
    const ending = () => runExitTrap(atExit, this)
    this.#certainty.regardless(() => (atExit.certain ? ending() : this.#branches([ending, () => 0])))
    this.signal = signal
    return status
  }

  #subshell(body: Node): Status {
    const { environment } = this
    this.fuel.spend(environment.variables.size)
    this.environment = { ...copyEnvironment(environment), atExit: undefined }
    const status = this.#certainty.enclosed(() => this.runWhole(body))
    const { signal } = this
    this.signal = undefined
    this.environment = environment
    return signal ? signal.status : status
  }

  #substitute(body: Node): Value {
    const { output, status } = this.#streams.captured(() => this.#subshell(body))
    this.#substituted = status
    return output?.replace(/\n+$/, '')
  }

  #pipeline(node: Node & { kind: 'pipeline' }): Status {
    let status: Status = 0
    const { input } = this.#streams
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
    this.#substituted = 0
    const { words, unknown } = commandWords(node, this.expander)
    const restore = assign(node.assignments, words, this.expander)
    return this.#withRedirects(node, () => {
      if (words.length > 0) {
        const status = this.command(node, words)
        restore(this.environment)
        for (const name of unknown) this.environment.variables.set(name, undefined)
        return status
      }
      return this.#substituted
    })
  }

  /** Runs a command whose words are known as far as they can be. */
  command(node: CommandSource, words: readonly Value[], { functions } = { functions: true }): Status {
    // Commands are what takes memory: each is kept for the report.
    this.fuel.spend(20)
    const [name, ...rest] = words
    const body = name === undefined || !functions ? undefined : this.environment.functions.get(name)
    const call = (called: Node) => this.#certainty.bounded('return', () => this.run(called))
    if (body) return callFunction(this, rest, () => call(body))
    const builtin = name === undefined ? undefined : builtins.get(name)
    if (builtin) {
      const result = builtin(rest, this, node)
      if (result !== 'external') return result
    }
    const variable = (wanted: string) => getVariable(this.environment, wanted)
    const result = this.world.run({ ...this.#how(node), words, input: this.#streams.input, variable })
    const { follow, followAs: path } = result
    const run = (script: Node) => this.#subshell(script)
    if (follow !== undefined) return followText(follow, this, { positional: rest, path, source: node, run })
    this.emit(result.output)
    for (const [variable, value] of Object.entries(result.sets ?? {}))
      this.environment.variables.set(variable, value)
    return result.status
  }

  #withRedirects(node: RedirectedNode, body: () => Status): Status {
    return withRedirections(node, body, {
      streams: this.#streams,
      expand: (word) => expandToValue(word, this.expander),
      absolute: (path) => this.absolute(path),
      read: (path) => readInput(this.absolute(path), this.world),
      write: (file, content) => this.#write(node, file, content),
    })
  }

  #write(source: CommandSource, file: RedirectTarget, content: Value): void {
    this.world.write({ ...file, ...this.#how(source), content })
  }

  /** The command, and how it runs: certainly or perhaps, where, and as which user. */
  #how({ line, text }: CommandSource) {
    const { umask, folder } = this.environment
    const certain = this.#certainty.sure
    return { line: this.sourceLine ?? line, text, certain, umask, folder, user: this.user }
  }
}
