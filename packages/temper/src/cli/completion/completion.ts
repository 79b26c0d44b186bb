import type { Command } from 'commander'
import { TemperError } from '../../base/error.ts'
import { ownMember } from '../../base/own-member.ts'
import { bashScript } from './bash.ts'
import { fishScript } from './fish.ts'
import { type Grammar, grammarOf } from './grammar.ts'
import { zshScript } from './zsh.ts'

const writers: Readonly<Record<string, (grammar: Grammar) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
}

/** The completion script for a shell, made from the program itself so that it cannot fall behind. */
export function completionScript(shell: string, program: Command): string {
  const write = ownMember(writers, shell)
  if (write) return write(grammarOf(program))
  throw new TemperError('bad-usage', `Unknown shell "${shell}": expected ${Object.keys(writers).join(', ')}`)
}
