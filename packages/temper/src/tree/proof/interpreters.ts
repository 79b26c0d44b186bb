import { interpreterAlternatives, moduleHost } from '../../formats/interpreter.ts'
import { type NeedFault, unmetNeed } from './need.ts'
import { findProgram, isElf, isLoadable, type ProofSubject, resolveFile } from './subject.ts'

/** Checks that the loader of every dynamic program and the interpreter of every script exist. */
export function* proveInterpreters(subject: ProofSubject): Generator<NeedFault> {
  for (const node of subject.nodes) {
    if (node.type !== 'file') continue
    if (node.shebang) yield* checkScript(node, subject)
    else if (isElf(node) && isLoadable(node, subject.loader) && node.elf.interpreter !== undefined) {
      const program = resolveFile(subject.root, node.elf.interpreter)
      if (isElf(program) && isLoadable(program, subject.loader)) continue
      yield unmetNeed({
        kind: 'loader',
        by: node,
        need: node.elf.interpreter,
        provider: subject.whoHas(node.elf.interpreter),
        found: `is started by the loader ${node.elf.interpreter}, which is ${program ? 'none for this machine' : 'not in the image'}`,
      })
    }
  }
}

function* checkScript(node: ProofSubject['nodes'][number], subject: ProofSubject): Generator<NeedFault> {
  const alternatives = interpreterAlternatives(node, subject.path)
  if (!alternatives) return
  const isThere = alternatives.some((path) => findProgram(subject, path) !== undefined)
  const [interpreter = '', program] = node.shebang ?? []
  const host = moduleHost(node.path)
  const isLoaded = host !== undefined && findProgram(subject, host) !== undefined
  const viaEnv = findProgram(subject, interpreter) !== undefined
  if (isThere && (viaEnv || isLoaded)) return
  const need = isThere || program === undefined ? interpreter : program
  yield unmetNeed({
    kind: 'interpreter',
    by: node,
    need,
    provider: subject.whoHas(need),
    found: `is a script for ${need}, which is not in the image`,
  })
}
