import { type NeedFault, unmetNeed } from './need.ts'
import { findProgram, type ProofSubject } from './subject.ts'

/** Checks that what the recipe starts exists and is executable: entrypoint or cmd, and the commands of its tests. */
export function* proveCommands(subject: ProofSubject): Generator<NeedFault> {
  const { entrypoint, cmd, tests } = subject.recipe
  const [main] = entrypoint.length > 0 ? entrypoint : cmd
  yield* checkCommand(main, entrypoint.length > 0 ? 'entrypoint' : 'cmd', subject)
  for (const test of tests) {
    yield* checkCommand(test.command?.[0], `the test "${test.name}"`, subject)
    for (const { command } of test.exec) yield* checkCommand(command[0], `the test "${test.name}"`, subject)
  }
}

function* checkCommand(
  program: string | undefined,
  who: string,
  subject: ProofSubject,
): Generator<NeedFault> {
  if (program === undefined || findProgram(subject, program, subject.recipe.workDir)) return
  const where = program.includes('/') ? '' : ` in ${subject.path.join(':')}`
  yield unmetNeed({
    kind: 'command',
    by: { recipe: who },
    need: program,
    provider: subject.whoHas(program),
    found: `starts ${program}, and there is no such program${where} in the image`,
  })
}
