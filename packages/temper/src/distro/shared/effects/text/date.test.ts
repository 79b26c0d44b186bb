import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import type { CommandCall } from '../effect.ts'
import { date } from './date.ts'

const ask = (words: readonly string[]) => date({ arguments: words } as unknown as CommandCall)

it.each([
  [[]],
  [['-u']],
  [['-R']],
  [['--iso-8601']],
  [['+%s']],
  [['+%Y%m%d%H%M%S']],
  [['-u', '+%F %T %Z, %a %d %b %Y']],
  [['+%c %D %e %j %R %u %w %% %y']],
])('prints what the real one prints at the beginning of 1970: %j', (words) => {
  const { stdout } = spawnSync('date', ['--date=@0', ...words], {
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    encoding: 'utf8',
  })
  expect(ask(words)).toEqual({ status: 0, output: stdout })
})

it.each([[['-d', 'yesterday']], [['--date=@5']], [['+%Q']], [['-r', '/etc/x']], [['0101']]])(
  'does not know another time: %j',
  (words) => {
    expect(ask(words)).toBeUndefined()
  },
)
