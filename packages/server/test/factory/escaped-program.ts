import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { realProgram } from './real-program.ts'

/*
 * Temper as a build step that broke out of its own sandbox would leave it: it builds, and besides reaches for all that is the service's. What it got hold
 * of it says in its progress. The recipe's name says what it leaves behind.
 */

interface Targets {
  readonly pid: number
  readonly canary: string
  readonly files: readonly string[]
  readonly writes: readonly string[]
}

const words = process.argv.slice(2)
if (words[0] !== 'test') console.error(`REACHED ${JSON.stringify(reach())}`)
const [node = '', ...rest] = realProgram
const { status, stdout, stderr } = spawnSync(node, [...rest, ...words], { encoding: 'utf8' })
process.stderr.write(stderr)
process.stdout.write(stdout)
process.exitCode = status ?? 1
const output = words[words.indexOf('--output') + 1] ?? ''
const [key = ''] = targets().files
if (words[0] === 'build' && words[1]?.includes('linker')) symlinkSync(key, join(output, '../tested'))

function targets(): Targets {
  return JSON.parse(process.env['TARGETS'] ?? '{}') as Targets
}

function reach(): readonly string[] {
  const { pid, files, writes } = targets()
  // It must not be found in what this process itself was told.
  const canary = targets().canary.split('').reverse().join('')
  const reached: string[] = []
  const tryTo = (what: string, act: () => unknown) => {
    try {
      if (act() !== false) reached.push(what)
    } catch {
      // As it should be.
    }
  }
  for (const each of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    for (const name of ['environ', 'cmdline'])
      tryTo(`${name} of ${each}`, () => readFileSync(`/proc/${each}/${name}`, 'latin1').includes(canary))
  for (const each of files) {
    tryTo(`read ${each}`, () => readFileSync(each))
    tryTo(`read ${each} by the root of init`, () => readFileSync(join('/proc/1/root', each)))
  }
  for (const each of writes) tryTo(`write ${each}`, () => writeFileSync(join(each, 'planted'), 'x'))
  tryTo('signal', () => process.kill(pid, 0) && readFileSync(`/proc/${pid}/environ`))
  tryTo('core_pattern', () => writeFileSync('/proc/sys/kernel/core_pattern', '|/bin/false'))
  return reached
}
