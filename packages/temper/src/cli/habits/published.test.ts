import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakeHost } from '../../../test/support/fake-host.ts'
import { run } from '../run.ts'

/**
 * What other programs' own documentation (read in November 2026) shows of their command lines: by program and command,
 * the options; "value" stands for what an option takes. Lines of theirs with a name before the command are left out, and
 * the commands that only Temper has a use for are added: scan for image, sbom for Syft, assess for Dockle.
 */
type Published = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

const published: Published = JSON.parse(
  await readFile(new URL('fixtures/published.json', import.meta.url), 'utf8'),
)

/** Values that their options take. */
const samples: Readonly<Record<string, string>> = {
  '--severity': 'HIGH,CRITICAL',
  '--exit-code': '1',
  '--platform': 'linux/amd64',
  '--scanners': 'vuln',
  '--format': 'json',
  '-f': 'json',
  '--type': 'spdx',
  '--output': 'json',
  '-o': 'result.json',
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-published-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Undefined when the line works, as far as that can be told without a network, or is answered with what to type. */
async function unanswered(args: readonly string[]): Promise<string | undefined> {
  const env = { TEMPER_CACHE_DIR: join(folder, 'cache'), TEMPER_OFFLINE: 'true', HOME: folder }
  const host = new FakeHost({ workingDir: folder, env })
  const code = await run(args, host)
  const known = code === 0 || code === 3 || /^next: /m.test(host.err)
  const generic = /shows what (?:the|a) command takes|lists the commands/.test(host.err)
  return known && !generic ? undefined : `temper ${args.join(' ')}: ${host.err}`
}

const image = 'registry.example/web:1'

/** What a command of ours needs beside an option, where it is not an image. */
const needed: Readonly<Record<string, readonly string[]>> = {
  version: [],
  help: [],
  'cache df': [],
  'cache prune': [],
  completion: ['bash'],
  copy: [image, 'oci:copy'],
  push: [image, 'hello.txt'],
  attest: ['--type', 'spdx', '--predicate', 'spdx.json', image],
}

function lines(command: string, options: readonly string[]): readonly (readonly string[])[] {
  const words = command.split(' ')
  const rest = needed[command] ?? [image]
  return [
    [...words, ...rest],
    ...options.map((option) => {
      const [name = '', value] = option.split(/[= ]/)
      if (value === undefined) return [...words, name, ...rest]
      const sample = samples[name] ?? value
      return option.includes('=')
        ? [...words, `${name}=${sample}`, ...rest]
        : [...words, name, sample, ...rest]
    }),
  ]
}

describe.each(Object.entries(published))('what %s publishes', (_program, commands) => {
  it.each(Object.entries(commands))(
    '%s works, or is answered with what to type',
    async (command, options) => {
      const problems: string[] = []
      for (const line of lines(command, options)) {
        const problem = await unanswered(line)
        if (problem !== undefined) problems.push(problem)
      }
      expect(problems).toEqual([])
    },
  )
})
