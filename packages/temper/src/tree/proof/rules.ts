import { defineRule } from '../../model/rule.ts'
import { proveCommands } from './commands.ts'
import { proveInterpreters } from './interpreters.ts'
import { proveLibraries } from './libraries.ts'
import type { ClosureRule, ClosureRuleId, NeedFacts } from './need.ts'
import { provePlugins } from './plugins.ts'
import type { ProofSubject } from './subject.ts'
import { proveSymlinks } from './symlinks.ts'

const closureRule = defineRule<ProofSubject, ClosureRuleId, NeedFacts>

/** The rules under which a finished tree is closed, in the order of reports. */
export const closureRules: readonly ClosureRule[] = [
  closureRule({
    id: 'missing-command',
    title: 'The program that the image starts exists',
    why: 'An entrypoint, a command or a test that is not in the image fails whenever it is started.',
    fix: 'add the package that has the program, or start another one',
    level: 'error',
    check: proveCommands,
  }),
  closureRule({
    id: 'missing-interpreter',
    title: 'Every program has its loader, and every script its interpreter',
    why: 'Without it the kernel starts neither, and reports that the program itself does not exist.',
    fix: 'add the package of the interpreter, or delete the file that needs it',
    level: 'error',
    check: proveInterpreters,
  }),
  closureRule({
    id: 'missing-library',
    title: 'Every program finds its libraries, in versions that fit',
    why: 'A program whose libraries the loader does not find ends before it starts, or in the middle of its work.',
    fix: 'add the package that has it, or delete the file that needs it',
    level: 'error',
    check: proveLibraries,
  }),
  closureRule({
    id: 'dangling-symlink',
    title: 'Every symlink leads somewhere',
    why: 'Programs that open the link fail, and whoever can write to its target decides what they open.',
    fix: 'add what the link leads to, or delete the link',
    level: 'error',
    check: proveSymlinks,
  }),
  closureRule({
    id: 'unproved-plugin',
    title: 'Every plug-in that a configuration names is there',
    why: 'A plug-in is looked up only when it is used, so its absence shows late and far from its cause.',
    fix: 'add the package of the plug-in, or remove it from the configuration',
    level: 'error',
    check: provePlugins,
  }),
]
