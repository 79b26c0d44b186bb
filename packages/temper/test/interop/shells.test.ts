import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/oci/open-store.ts'
import { parseReference } from '../../src/oci/reference.ts'
import { tryDebianTool } from '../support/debian-tool.ts'
import { type DockerRegistry, startDockerRegistry } from '../support/docker-registry.ts'
import { temperProgram } from '../support/program.ts'
import { pushImage, smallImage } from '../support/small-image.ts'
import { temper } from '../support/temper-cli.ts'

/* Keys typed in the real shells on a terminal: what Tab makes of a line is run, and shows what it became. */

const zsh = await tryDebianTool('zsh')
const fish = await tryDebianTool('fish')
const registryProgram = await tryDebianTool('docker-registry')

let folder = ''
let registry: DockerRegistry | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-shells-'))
  await mkdir(join(folder, 'bin'))
  await mkdir(join(folder, 'out/web'), { recursive: true })
  await writeFile(join(folder, 'out/web/oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  // Completion asks the real program; every other line only says what it was.
  const program = `#!/bin/sh\n[ "$1" != complete ] || exec ${[process.execPath, ...temperProgram].join(' ')} "$@"\necho "RAN[$*]"\n`
  await writeFile(join(folder, 'bin/temper'), program)
  await chmod(join(folder, 'bin/temper'), 0o755)
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout } = await temper(['completion', shell])
    await writeFile(join(folder, `temper.${shell}`), stdout)
  }
  if (registryProgram === undefined) return
  registry = await startDockerRegistry(registryProgram)
  const store = await openStore(parseReference(`${registry.host}/team/web`), { fetch: globalThis.fetch })
  const image = smallImage({ bytes: 1000 })
  await pushImage(store, image)
  await store.tag(image.root, 'v1-only')
})

afterAll(async () => {
  await registry?.stop()
  await rm(folder, { recursive: true, force: true })
})

const starts = {
  bash: ['bash --norc --noprofile -i', 'source ./temper.bash; bind "set bell-style none"'],
  zsh: ['zsh -f -i', 'autoload -Uz compinit; compinit -u -D; source ./temper.zsh; unsetopt beep'],
  fish: ['fish --no-config -i', 'source ./temper.fish'],
} as const

/** What the lines became, each typed with a Tab at its end. */
async function typed(shell: keyof typeof starts, lines: readonly string[]): Promise<readonly string[]> {
  const [program, setup] = starts[shell]
  const child = spawn('script', ['-qefc', program, '/dev/null'], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { HOME: folder, TERM: 'dumb', PATH: `${folder}/bin:${process.env.PATH}`, LANG: 'C.UTF-8' },
  })
  let seen = ''
  child.stdout.on('data', (chunk) => {
    seen += String(chunk)
  })
  const until = async (text: string, from = 0) => {
    for (let i = 0; i < 300 && !seen.slice(from).includes(text); i++) await setTimeout(100)
    expect(seen.slice(from)).toContain(text)
  }
  // A shell that is still starting would take the keys for input of another kind.
  child.stdin.write(`${setup}\necho READY''NOW\n`)
  await until('READYNOW')
  const answers: string[] = []
  for (const line of lines) {
    const from = seen.length
    child.stdin.write(`${line}\t`)
    await setTimeout(3000)
    child.stdin.write('\n')
    await until('RAN[', from)
    await setTimeout(200)
    answers.push(/RAN\[([^\]]*)\]/.exec(seen.slice(from).replaceAll('\r', ''))?.[1]?.trim() ?? '')
  }
  child.stdin.write('exit\n')
  await new Promise((resolve) => child.once('exit', resolve))
  return answers
}

const programs = { bash: 'bash', zsh, fish }

describe.each(['bash', 'zsh', 'fish'] as const)('completion in %s', (shell) => {
  it.skipIf(programs[shell] === undefined)('offers what fits', { timeout: 120_000 }, async () => {
    const lines = new Map([
      ['temper insp', 'inspect'],
      ['temper build ngi', 'build nginx'],
      ['temper build nginx --stri', 'build nginx --strict'],
      ['temper scan oci:ou', 'scan oci:out/web'],
      ['temper scan web --fail-on critical,hi', 'scan web --fail-on critical,high'],
      ['temper completion zs', 'completion zsh'],
      ...(registry === undefined
        ? []
        : ([[`temper scan ${registry.host}/team/web:`, `scan ${registry.host}/team/web:v1-only`]] as const)),
    ])
    expect(await typed(shell, [...lines.keys()])).toEqual([...lines.values()])
  })
})
