import { ownMember } from '../../base/own-member.ts'
import { type Answers, answerFor } from './answers/answers.ts'
import { everywhere } from './answers/everywhere.ts'
import * as looking from './answers/looking.ts'
import * as making from './answers/making.ts'
import * as proving from './answers/proving.ts'

/** Options of other programs that Temper has under another name, or has another way for; by command. */
const byCommand: Readonly<Record<string, Answers>> = { ...looking, ...proving, ...making, lock: making.build }

/** What to write in place of another program's option; undefined when it is not one. */
export function foreignOption(command: string | undefined, option: string): string | undefined {
  const name = option.replace(/=.*$/s, '')
  const own = ownMember(byCommand, command ?? '')
  return (own === undefined ? undefined : answerFor(own, name)) ?? answerFor(everywhere, name)
}
