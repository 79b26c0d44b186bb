/** A string, or undefined when it cannot be told without running something. */
export type Value = string | undefined

/** Exit status; undefined when it cannot be told. */
export type Status = number | undefined

/** A command of a script that the interpreter does not carry out itself. */
export interface ScriptCommand {
  /** 1-based. */
  readonly line: number
  /** As written, shortened. */
  readonly text: string
  /** After expansion, the name first; undefined words are not known. */
  readonly words: readonly Value[]
  /** Whether it certainly runs when the package is installed; otherwise only perhaps. */
  readonly certain: boolean
  /** Standard input, when the script gives it. */
  readonly input: Value
  /** Octal mask for new files. */
  readonly umask: number
  /** The folder that relative paths start from; undefined when not known. */
  readonly folder: Value
  /** Who runs it and owns what it makes. Absent: root, or a user that the image does not have. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  /** A variable of the script, as the command would have it in its environment. */
  variable?(name: string): Value
}

export interface CommandResult {
  readonly status: Status
  /** Standard output. */
  readonly output: Value
  /** Variables that the command sets (debconf's RET). */
  readonly sets?: Readonly<Record<string, Value>>
  /** The command is a shell script with this text, which is followed in its place. */
  readonly follow?: string
  /** What that script is called: `$0`. */
  readonly followAs?: string
}

/** Output of a command that goes to a file. */
export interface ScriptWrite {
  readonly line: number
  readonly text: string
  readonly path: Value
  readonly content: Value
  readonly append: boolean
  readonly certain: boolean
  readonly umask: number
  readonly user?: ScriptCommand['user']
}

export interface PathFacts {
  readonly type: 'file' | 'directory' | 'symlink' | 'other'
  /** Permission bits. */
  readonly mode: number
  readonly size: number
  readonly uid: number
  readonly gid: number
  /** Text of a symlink. */
  readonly target?: string
}

/** What a script sees and changes. Every query may answer that the result is not known. */
export interface ScriptWorld {
  /** null: nothing there; undefined: not known. Symlinks are followed if asked. */
  probe(path: string, options: { readonly follow: boolean }): PathFacts | null | undefined
  /** Paths that match a pattern, sorted; undefined: not known. */
  glob(pattern: string): readonly string[] | undefined
  /** Content of a text file. */
  read(path: string): Value
  /** Full path of a program; null: there is none. */
  find(name: string): string | null | undefined
  account(name: string): { readonly uid: number; readonly gid: number; readonly home: Value } | undefined
  run(command: ScriptCommand): CommandResult
  write(write: ScriptWrite): void
}
