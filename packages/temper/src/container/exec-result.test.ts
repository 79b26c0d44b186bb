import { describe, expect, it } from 'vitest'
import { execResult } from './exec-result.ts'

/** What engines print when a program of a container cannot be executed, as they word it. */
const refusals = [
  'OCI runtime exec failed: exec failed: unable to start container process: exec: "x": executable file not found in $PATH: unknown',
  'exec failed: unable to start container process: exec /x: permission denied',
  'Error: crun: executable file `x` not found: No such file or directory: OCI runtime attempted to invoke a command that was not found',
  'Error: OCI runtime error: crun: open executable: Permission denied',
  'exec /usr/bin/app: exec format error',
  'exec /usr/bin/app: permission denied',
  'some words before\nexec /usr/bin/app: no such file or directory\n',
]

describe('a command in a container', () => {
  it.each(refusals)('could not be started: %s', (output) => {
    for (const exitCode of [126, 127, 1])
      expect(execResult({ exitCode, output })).toEqual({ exitCode, output, started: false })
  })

  it.each(refusals)('ran when it ended well, whatever it printed: %s', (output) => {
    expect(execResult({ exitCode: 0, output }).started).toBe(true)
  })

  it.each([
    'sh: 1: x: not found',
    'cat: /x: no such file or directory',
    'I cannot exec /usr/bin/app: permission denied here',
    'exec /usr/bin/app: permission denied, says the program',
    '',
  ])('ran, and failed by itself: %j', (output) => {
    for (const exitCode of [1, 126, 127, 137]) expect(execResult({ exitCode, output }).started).toBe(true)
  })

  it('that ran into its time limit was started', () => {
    expect(execResult({ exitCode: undefined, output: 'working' })).toEqual({
      exitCode: undefined,
      output: 'working',
      started: true,
    })
  })
})
