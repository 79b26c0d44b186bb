import { type Glob, glob } from '../../../base/glob.ts'
import type { UnmodelledEffect } from '../../../model/package/unmodelled-effect.ts'
import type { EffectNode } from '../../../model/root.ts'
import { Fuel } from '../scripts/fuel.ts'
import { canFollow } from '../scripts/scan.ts'
import { hasPattern, matchesPattern, unescapePattern } from '../scripts/words/pattern.ts'
import type { CommandResult, PathFacts, ScriptCommand, ScriptWorld, ScriptWrite } from '../scripts/world.ts'
import type { CommandModel, EffectContext, EffectRun } from './effect.ts'
import { createHarmless, type FindHarmless } from './harmless.ts'
import { isRandom, isRandomDevice, randomMark, randomResult } from './random.ts'
import { withFolder } from './relative-paths.ts'
import { Secrets } from './secrets.ts'
import { encodeBytes } from './text/bytes.ts'

const root = { uid: 0, gid: 0 }
const done: CommandResult = { status: 0, output: '' }
const folders = ['usr/local/sbin', 'usr/local/bin', 'usr/sbin', 'usr/bin', 'sbin', 'bin']
/** Where scripts make their temporary files: nothing of it stays. */
const temporaryFolder = '/.temper-script'
const maximumMatches = 1000

/** Whose script is followed. */
export interface ScriptOwner {
  readonly package: string
  readonly script: string
  readonly silent?: boolean
}

/** The world that the scripts of all packages see and change: the tree, through the effects. */
export class EffectWorld {
  readonly #context: EffectContext
  readonly #commands = new Map<string, CommandModel>()
  readonly #owned: readonly Glob[]
  readonly #harmless: FindHarmless
  readonly #triggerCommands: ReadonlySet<string>
  readonly #copies: ReadonlySet<string>
  readonly #unmodelled = new Map<string, UnmodelledEffect>()
  readonly #leftOut = new Set<string>()
  readonly #secrets: Secrets
  readonly #triggers = new Set<string>()
  readonly #programs = new Set<string>()
  /** The package whose script is running. */
  #running = ''
  #triggered = false
  #temporaryFiles = 0

  constructor(
    context: EffectContext,
    runs: readonly EffectRun[],
    readers: Readonly<Record<string, CommandModel>>,
  ) {
    this.#context = context
    this.#secrets = new Secrets(context.stage, (path) => this.#noteSecret(path))
    this.#owned = runs.flatMap((run) => run.owns ?? []).map(glob)
    this.#harmless = createHarmless(runs.flatMap((run) => run.harmless ?? []))
    this.#triggerCommands = new Set(runs.flatMap((run) => run.triggers ?? []))
    this.#copies = new Set([...copies, ...runs.flatMap((run) => run.copies ?? [])])
    for (const run of runs)
      for (const [name, model] of Object.entries(run.commands ?? {})) this.#commands.set(name, model)
    for (const [name, model] of Object.entries(readers))
      if (!this.#commands.has(name)) this.#commands.set(name, model)
  }

  /** In the order in which they were met. */
  get unmodelled(): readonly UnmodelledEffect[] {
    return [...this.#unmodelled.values()]
  }

  /** What scripts would make but images must not have. */
  get leftOut(): readonly string[] {
    return [...this.#leftOut].sort()
  }

  /** Names of triggers that were pulled. */
  get triggers(): ReadonlySet<string> {
    return this.#triggers
  }

  report(effect: UnmodelledEffect): void {
    const { package: name, script, line, command } = effect
    // A script that runs once more for a trigger says the same again, perhaps with other options.
    const program = JSON.stringify([name, script, command.split(' ')[0]])
    if (this.#triggered && this.#programs.has(program)) return
    this.#programs.add(program)
    this.#unmodelled.set(JSON.stringify([name, script, line, command]), effect)
  }

  /** Marks that scripts now run for triggers. */
  startTriggers(): void {
    this.#triggered = true
  }

  /** The world as a script of one package sees it; `silent` means that unmodelled actions are not reported. */
  forScript(owner: ScriptOwner): ScriptWorld {
    const { accounts } = this.#context
    this.#running = owner.package
    return {
      probe: (path, { follow }) => this.#probe(path, follow ? 'target' : 'link', owner),
      glob: (pattern) => this.#glob(pattern)?.filter((path) => !this.#isToCome(path, owner)),
      read: (path) => (this.#isToCome(path, owner) ? undefined : this.#readText(path)),
      find: (name) => this.#find(name),
      account: (name) => accounts.knowsUser(name),
      run: (command) => this.#as(command, () => this.#run(command, owner)),
      write: (write) => this.#as(write, () => this.#write(write, owner)),
    }
  }

  #readText(path: string): string | undefined {
    if (isRandomDevice(path)) return randomMark
    return this.#secrets.has(path) ? this.#secrets.text(path) : this.#context.stage.text(path)
  }

  /** Hides the files of a package while its preinst runs, when they are not unpacked yet. */
  #isToCome(path: string, { package: name, script }: ScriptOwner): boolean {
    if (script !== 'preinst') return false
    const { stage } = this.#context
    const origin = stage.get(stage.canonical(path))?.origin
    return origin?.kind === 'package' && origin.package === name
  }

  #isTemporary(path: string): boolean {
    return path.startsWith(temporaryFolder)
  }

  #isOwned(path: string): boolean {
    const at = this.#context.stage.canonical(path)
    return this.#owned.some((fits) => fits(at))
  }

  #probe(path: string, what: 'link' | 'target', owner?: ScriptOwner): PathFacts | null | undefined {
    const { stage } = this.#context
    if (owner !== undefined && this.#isToCome(path, owner)) return null
    if (this.#secrets.has(path)) return { type: 'file', mode: 0o600, size: 1, uid: 0, gid: 0 }
    if (stage.isForgotten(path)) return undefined
    const node = what === 'target' ? stage.resolve(path) : stage.get(stage.canonical(path))
    if (node) return factsOf(node)
    // Programs of packages that are only there while installing are stood in for.
    const program = /^(?:\/usr)?(?:\/local)?\/s?bin\/([^/]+)$/.exec(path)?.[1]
    if (program !== undefined && this.#commands.has(program)) {
      return { type: 'file', mode: 0o755, size: 1, uid: 0, gid: 0 }
    }
    return null
  }

  #find(name: string): string | null {
    if (name.startsWith('/')) return this.#probe(name, 'target') ? name : null
    const { stage } = this.#context
    for (const folder of folders) if (stage.resolve(`${folder}/${name}`)) return `/${folder}/${name}`
    return this.#commands.has(name) ? `/usr/bin/${name}` : null
  }

  #glob(pattern: string): readonly string[] | undefined {
    const { stage } = this.#context
    if (!pattern.startsWith('/')) return undefined
    const fuel = new Fuel(2_000_000)
    let paths = ['']
    for (const part of pattern.split('/').slice(1)) {
      const next: string[] = []
      for (const at of paths) {
        if (!hasPattern(part)) {
          const path = `${at}/${unescapePattern(part)}`
          if (stage.get(stage.canonical(path))) next.push(path)
          continue
        }
        const folder = stage.realPath(at)
        const names = folder === undefined ? [] : stage.list(folder)
        for (const name of names) {
          if (name.startsWith('.') && !part.startsWith('.')) continue
          if (matchesPattern(part, name, fuel)) next.push(`${at}/${name}`)
        }
      }
      paths = next.slice(0, maximumMatches)
    }
    return paths
  }

  /** Does a command, or a write, as whoever the script has become. */
  #as<T>({ user = root }: { readonly user?: ScriptCommand['user'] }, body: () => T): T {
    const { stage } = this.#context
    const before = stage.owner
    stage.owner = user
    const result = body()
    stage.owner = before
    return result
  }

  #run(given: ScriptCommand, owner: ScriptOwner): CommandResult {
    const name = nameOf(given)
    const command = name !== undefined && changesFiles.has(name) ? withFolder(given, name) : given
    const call = { ...command, ...owner, arguments: command.words.slice(1) }
    if (name === undefined) return this.#unknown(command, owner)
    // `$RET="x"` sets nothing: it is a command of that name, and no program is called so.
    if (/^[\w.-]*=/.test(name)) return { status: 127, output: '' }
    if (this.#triggerCommands.has(name)) this.#noteTrigger(command)
    if (name === 'mktemp' || name === 'tempfile') return this.#temporary(command)
    const targets = changesFiles.has(name) || this.#copies.has(name) ? this.#targets(command) : []
    if (targets.length > 0 && targets.every((path) => path !== undefined && this.#isOwned(path))) return done
    const random = randomResult(name, command) ?? this.#secrets.result(command, this.#copies)
    if (random) return random
    const result = this.#commands.get(name)?.(call)
    if (result) return result
    // Hardening leaves manuals out, with what scripts make of them.
    if (targets.length > 0 && targets.every((path) => path !== undefined && isManual(path))) return done
    // What happens to temporary files matters only where they are used.
    if (targets.length > 0 && targets.every((path) => path !== undefined && this.#isTemporary(path))) {
      for (const path of targets) if (path !== undefined) this.#context.stage.forget(path)
      return done
    }
    const reason = this.#harmless(name, command.words.map((word) => word ?? '?').join(' '))
    const script = reason ? undefined : this.#shellScript(command.words[0])
    if (script !== undefined)
      return { status: undefined, output: undefined, follow: script.text, followAs: script.path }
    if (!reason) return this.#unknown(command, owner)
    if (reason.leftOut !== undefined) this.#leftOut.add(`${owner.package}: ${reason.leftOut}`)
    return reason.result
  }

  #unknown(command: ScriptCommand, owner: ScriptOwner): CommandResult {
    this.#reportOf(owner, command)
    return { status: undefined, output: undefined }
  }

  #reportOf(
    { package: name, script, silent = false }: ScriptOwner,
    { line, text }: { readonly line: number; readonly text: string },
  ): void {
    if (!silent) this.report({ package: name, script, line, command: text })
  }

  #noteTrigger({ words }: ScriptCommand): void {
    const name = words.at(-1)
    if (name !== undefined) this.#triggers.add(name)
  }

  #temporary({ words }: ScriptCommand): CommandResult {
    const path = `${temporaryFolder}/${++this.#temporaryFiles}`
    if (words.includes('-u')) return { status: 0, output: undefined }
    const { stage } = this.#context
    if (words.some((word) => /^-[qt]*d|^--directory$/.test(word ?? '')))
      stage.makeDirectory(path, { mode: 0o700 })
    else stage.put({ path, type: 'file', mode: 0o600 })
    return { status: 0, output: `${path}\n` }
  }

  /** Removes temporary files that scripts made. */
  removeTemporary(): void {
    this.#context.stage.remove(temporaryFolder)
  }

  /** The text of a program, if it is a package's shell script and available. */
  #shellScript(word: string | undefined): { readonly text: string; readonly path: string } | undefined {
    const path = word === undefined || word === '' ? null : word.includes('/') ? word : this.#find(word)
    if (path === null || !path.startsWith('/') || this.#isTemporary(path)) return undefined
    const text = this.#context.stage.text(path)
    return text !== undefined && canFollow(text) ? { text, path } : undefined
  }

  /** What a file command changes: its operands, of copies the last. */
  #targets({ words }: ScriptCommand): readonly (string | undefined)[] {
    const paths = words.slice(1).filter((word) => word?.includes('/') || word === undefined)
    return this.#copies.has(words[0] ?? '') ? paths.slice(-1) : paths
  }

  #noteSecret(path: string): void {
    if (!this.#isTemporary(path))
      this.#leftOut.add(
        `${this.#running}: ${path}, or what in it is made at random: each container has to have its own`,
      )
  }

  #write(write: ScriptWrite, owner: ScriptOwner): void {
    const { path, content, append, certain } = write
    if (path !== undefined && (this.#isOwned(path) || isVolatile(path))) return
    const { stage } = this.#context
    const isSecret = path !== undefined && append && this.#secrets.has(path)
    const present = path === undefined ? undefined : stage.resolve(path)
    const text = present && path !== undefined ? stage.text(path) : ''
    const before = !append || path === undefined ? '' : isSecret ? this.#secrets.text(path) : text
    if (path !== undefined && (isSecret || isRandom(content))) {
      const whole = certain && content !== undefined && before !== undefined
      this.#secrets.leaveOut(path, whole ? before + content : undefined)
      return
    }
    const known = certain && content !== undefined && before !== undefined
    if (path !== undefined && this.#isTemporary(path) && !known) {
      stage.forget(path)
      return
    }
    if (!certain || path === undefined || content === undefined || before === undefined) {
      this.#reportOf(owner, write)
      return
    }
    this.#secrets.replaced(path)
    const mode = present?.mode ?? 0o666 & ~write.umask
    const at = stage.realPath(path) ?? path
    const { uid, gid } = present ?? stage.owner
    stage.put({ path: at, type: 'file', mode, uid, gid, content: encodeBytes(before + content) })
  }
}

/** What stands there is gone when the container starts, or has no place in an image (hardening leaves logs out). */
function isVolatile(path: string): boolean {
  return /^\/(?:run|var\/run|tmp|var\/tmp|proc|sys|dev|var\/log)\//.test(path)
}

function isManual(path: string): boolean {
  return /^\/usr\/(?:local\/)?share\/(?:man|info)\//.test(path)
}

const changesFiles = new Set([
  'mkdir',
  'install',
  'chown',
  'chgrp',
  'chmod',
  'ln',
  'touch',
  'rm',
  'rmdir',
  'cp',
  'mv',
  'unlink',
])
const copies = ['cp', 'mv', 'ln', 'install']

/** The name without its folder, for programs of the usual folders and for helpers below /usr/lib. */
function nameOf({ words }: ScriptCommand): string | undefined {
  return words[0]?.replace(/^(?:\/usr)?(?:\/local)?\/s?bin\/|^(?:\/usr)?\/lib\/.*\//, '')
}

function factsOf(node: EffectNode): PathFacts {
  const { type, mode, uid, gid, target } = node
  const kind =
    type === 'hardlink'
      ? 'file'
      : type === 'file' || type === 'directory' || type === 'symlink'
        ? type
        : 'other'
  return {
    type: kind,
    mode,
    uid,
    gid,
    ...(target === undefined ? {} : { target }),
    get size() {
      return node.size
    },
  }
}
