import type { ContainerResult } from '../../../packages/temper/src/model/container.ts'

/** What loaders and interpreters say when a program or a part of it cannot be loaded. */
const faults: readonly RegExp[] = [
  // ld.so(8)
  /error while loading shared libraries: .*/,
  /symbol lookup error: .*/,
  /version [`'][^'\n]+' not found.*/,
  /cannot open shared object file: .*/,
  // runc(8): no such program, or no interpreter for it
  /exec: "[^"\n]+": .*/,
  /exec \S+: no such file or directory/,
  /(?:no such file or directory|exec format error)(?=\s*$)/,
  // shells and env(1)
  /env: .*: No such file or directory/,
  /bad interpreter: .*/,
  // Perl, Python, Ruby, Node, Java, Lua, PHP, Tcl, Erlang
  /Can't locate [\w/]+\.pm in @INC/,
  /Can't load '[^'\n]+' for module .*/,
  /(?:ModuleNotFoundError|ImportError): .*/,
  /cannot load such file -- .*/,
  /Error: Cannot find module .*/,
  /Could not find or load main class .*/,
  /java\.lang\.(?:NoClassDefFoundError|ClassNotFoundException|UnsatisfiedLinkError): .*/,
  /module '[^'\n]+' not found:/,
  /PHP (?:Warning|Fatal error): .*(?:Unable to load|Failed opening required).*/,
  /can't find package \S+/,
]

/**
 * Why a program has not started; undefined when it has, whatever it thinks of its arguments: a line that speaks of one of them
 * is about what was asked of it, such as a service of that name.
 */
export function startFault(
  { exitCode, output }: ContainerResult,
  words: readonly string[] = [],
): string | undefined {
  const text = output
    .split('\n')
    .filter((line) => !words.some((word) => line.includes(word)))
    .join('\n')
  for (const fault of faults) {
    const [line] = fault.exec(text) ?? []
    if (line !== undefined) return line.trim().slice(0, 300)
  }
  // 126 and 127 are the shell's words for "cannot be executed" and "is not there"; signals are crashes.
  if (exitCode === 126 || exitCode === 127 || exitCode === 132 || exitCode === 135 || exitCode === 139)
    return `exit code ${exitCode}: ${output.trim().split('\n').at(-1)?.slice(0, 200) ?? ''}`
  return undefined
}
