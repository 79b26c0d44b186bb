import { restoreLocals } from './environment.ts'
import type { Builtin, Shell } from './shell.ts'
import type { Status, Value } from './world.ts'

/** What stands before the command that a program runs; undefined when it cannot be told. */
type Skip = (words: readonly Value[]) => number | undefined

/** Options first, of which some take the next word; then so many words of the program's own. */
function after(valued: RegExp, own = 0): Skip {
  return (words) => {
    let at = 0
    for (; words[at]?.startsWith('-'); at++) {
      if (words[at] === '--') return at + 1 + own
      if (valued.test(words[at] ?? '')) at++
    }
    return words[at] === undefined ? undefined : at + own
  }
}

/** `env A=b -u C COMMAND`: the variables are for the command alone. */
const environment: Skip = (words) => {
  const start = after(/^(?:-u|-C|--unset|--chdir)$/)(words)
  if (start === undefined) return undefined
  const first = words.findIndex((word, i) => i >= start && !/^[A-Za-z_]\w*=/.test(word ?? ''))
  return first < 0 ? undefined : first
}

const skips: Readonly<Record<string, Skip>> = {
  timeout: after(/^-[ks]$/, 1),
  nice: after(/^-n$/),
  ionice: after(/^-[cnt]$/),
  nohup: after(/^$/),
  setsid: after(/^$/),
  stdbuf: after(/^-[ioe]$/),
  env: environment,
  sudo: after(/^-[ugC]$/),
}

/** Programs that run another program, which is the one that counts: `timeout 15 COMMAND`, `nice -n 10 COMMAND`. */
export const prefixes: readonly (readonly [string, Builtin])[] = Object.entries(skips).map(([name, skip]) => [
  name,
  (words, shell, node) => {
    const start = skip(words)
    const rest = start === undefined ? [] : words.slice(start)
    if (rest.length === 0) return 'external'
    return assigned(words.slice(0, start), shell, () => shell.command(node, rest, { functions: false }))
  },
])

/** Runs a command with the variables that `env` gives it, and takes them back. */
function assigned(words: readonly Value[], shell: Shell, run: () => Status): Status {
  const { variables, exported } = shell.environment
  const before = new Map<string, { readonly value: Value } | undefined>()
  for (const word of words) {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word ?? '') ?? []
    if (name === undefined) continue
    if (!before.has(name)) before.set(name, variables.has(name) ? { value: variables.get(name) } : undefined)
    variables.set(name, value)
  }
  if (before.size === 0) return run()
  shell.environment.exported = new Set([...exported, ...before.keys()])
  const status = run()
  shell.environment.exported = exported
  restoreLocals(shell.environment, before)
  return status
}
