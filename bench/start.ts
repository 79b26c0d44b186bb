import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { again, type ContestOptions, type ContestResult, hold } from './contest.ts'
import { temperLine } from './programs.ts'

/** How often each starts in one measurement. */
const times = 20

/** What starting costs, beside a Node that does nothing. */
export async function benchStart(options: ContestOptions): Promise<readonly ContestResult[]> {
  const nothing = join(options.scratch, 'nothing.cjs')
  await writeFile(nothing, '')
  const { line, env } = await temperLine('--version')
  const help = await temperLine('scan --help')
  const contest = {
    title: 'Starting',
    contenders: [
      { name: 'temper --version', times, command: () => ({ line: again(line, times), ...(env && { env }) }) },
      {
        name: 'temper scan --help',
        times,
        command: () => ({ line: again(help.line, times), ...(env && { env }) }),
      },
      {
        name: 'node, nothing',
        times,
        command: () => ({ line: again(`'${process.execPath}' '${nothing}'`, times) }),
      },
    ],
    notes: [`Each figure is of one process, measured ${times} in a row.`],
  } as const
  return [await hold(contest, options)]
}
