import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { repositoryRoot } from './support/source-files.ts'

const run = promisify(execFile)

/** A clone with a package manager and a Node that only pretend, so that installing takes no network. */
let folder = ''
let clone = ''
let programs = ''
const running: ChildProcess[] = []

const fakeNpm = `#!/bin/sh
echo "npm $*" >> "$NPM_CALLS"
sleep "\${NPM_SECONDS:-0}"
[ -z "\${NPM_FAILS:-}" ] || exit 1
mkdir -p node_modules/node/bin
printf '#!/bin/sh\\necho "pinned $*"\\n' > node_modules/node/bin/node
chmod +x node_modules/node/bin/node
echo "{}" > node_modules/.package-lock.json
`

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-launcher-'))
  clone = join(folder, 'clone with blanks')
  programs = join(folder, 'bin')
  await mkdir(join(clone, 'scripts'), { recursive: true })
  await mkdir(programs)
  for (const file of ['temper', 'scripts/bootstrap.sh', 'scripts/node.sh']) {
    await copyFile(join(repositoryRoot, file), join(clone, file))
  }
  await writeFile(join(clone, 'package-lock.json'), '{"lockfileVersion":3}')
  await program('npm', fakeNpm)
  await hostNode('v18.20.4')
})

afterEach(async () => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

async function program(name: string, text: string): Promise<void> {
  const path = join(programs, name)
  await writeFile(path, text)
  await chmod(path, 0o755)
}

function hostNode(version: string): Promise<void> {
  return program('node', `#!/bin/sh\n[ "$1" = --version ] && echo ${version} || echo "host $*"\n`)
}

function environment(extra: Record<string, string> = {}) {
  return { PATH: `${programs}:/usr/bin:/bin`, NPM_CALLS: join(folder, 'calls'), ...extra }
}

function launch(args: readonly string[], extra: Record<string, string> = {}, path = join(clone, 'temper')) {
  return run(path, args, { env: environment(extra), cwd: folder })
}

async function installations(): Promise<number> {
  const text = await readFile(join(folder, 'calls'), 'utf8').catch(() => '')
  return text.split('\n').filter((line) => line.startsWith('npm ci')).length
}

describe('the launcher', () => {
  it('installs once on a fresh clone, says so on standard error, and runs the CLI', async () => {
    const first = await launch(['build', 'two words'])
    expect(first.stdout).toMatch(
      /^pinned .*clone with blanks\/packages\/temper\/src\/cli\/main\.ts build two words\n$/,
    )
    expect(first.stderr).toContain('installing dependencies')
    const second = await launch(['--version'])
    expect(second.stderr).toBe('')
    expect(await installations()).toBe(1)
  })

  it.each([
    ['v18.20.4', 'pinned'],
    ['v22.17.1', 'pinned'],
    ['v22.18.0', 'host'],
    ['v22.20.0', 'host'],
    ['v23.11.0', 'pinned'],
    ['v24.0.0', 'host'],
    ['v26.1.0', 'host'],
    ['v100.0.0', 'host'],
  ])('with Node %s on the machine takes the %s one', async (version, taken) => {
    await hostNode(version)
    expect((await launch(['x'])).stdout.split(' ')[0]).toBe(taken)
  })

  it('works through symbolic links, absolute and relative', async () => {
    await symlink(join(clone, 'temper'), join(programs, 'temper'))
    await symlink('bin/temper', join(folder, 'again'))
    expect((await launch(['x'], {}, join(folder, 'again'))).stdout).toContain('clone with blanks/packages')
    expect((await run('sh', ['-c', 'temper x'], { env: environment() })).stdout).toContain('main.ts x')
    expect((await run('sh', ['temper', 'x'], { env: environment(), cwd: clone })).stdout).toContain(
      'main.ts x',
    )
  })

  it('installs anew when the lock file changed, not when only its time did', async () => {
    await launch(['x'])
    const later = new Date(Date.now() + 60_000)
    await utimes(join(clone, 'package-lock.json'), later, later)
    expect((await launch(['x'])).stderr).toBe('')
    await writeFile(join(clone, 'package-lock.json'), '{"lockfileVersion":3,"packages":{}}')
    await utimes(join(clone, 'package-lock.json'), later, later)
    expect((await launch(['x'])).stderr).toContain('installing')
    expect(await installations()).toBe(2)
  })

  it('lets one of several processes install while the others wait', async () => {
    const calls = Array.from({ length: 4 }, () => launch(['x'], { NPM_SECONDS: '1.5' }))
    const results = await Promise.all(calls)
    for (const { stdout } of results) expect(stdout).toMatch(/^pinned/)
    expect(results.filter(({ stderr }) => stderr.includes('waiting for it')).length).toBe(3)
    expect(await installations()).toBe(1)
  })

  it('takes over from an installer that was killed', async () => {
    const child = spawn(join(clone, 'temper'), ['x'], {
      env: environment({ NPM_SECONDS: '60' }),
      detached: true,
    })
    running.push(child)
    await vi.waitUntil(async () => (await installations()) === 1, { timeout: 10_000 })
    if (child.pid) process.kill(-child.pid, 'SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    expect((await launch(['x'])).stdout).toMatch(/^pinned/)
    expect(await installations()).toBe(2)
  })

  it('takes over an old lock of another machine, and waits for a fresh one', async () => {
    await mkdir(join(clone, '.temper'))
    const lock = join(clone, '.temper/install')
    await symlink('1@some-other-machine', lock)
    const waiting = spawn(join(clone, 'temper'), ['x'], { env: environment() })
    running.push(waiting)
    const said = await new Promise<string>((resolve) =>
      waiting.stderr.once('data', (data) => resolve(String(data))),
    )
    expect(said).toContain('waiting')
    await run('touch', ['-h', '-d', '1 hour ago', lock])
    await new Promise((resolve) => waiting.once('exit', resolve))
    expect(waiting.exitCode).toBe(0)
  })

  it('leaves no lock behind when the installation fails, and says what to do', async () => {
    await expect(launch(['x'], { NPM_FAILS: '1' })).rejects.toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('npm config get registry'),
    })
    expect((await launch(['x'])).stdout).toMatch(/^pinned/)
  })

  it('says what is missing without npm', async () => {
    await rm(join(programs, 'npm'))
    const bare = { PATH: `${programs}:${await coreOnly()}` }
    await expect(launch(['x'], bare)).rejects.toMatchObject({
      code: 3,
      stderr: expect.stringContaining('npm is not installed'),
    })
  })

  it('writes nothing into a clone where everything is installed', async () => {
    await launch(['x'])
    await run('chmod', ['-R', 'a-w', clone])
    try {
      const { stdout, stderr } = await launch(['x'])
      expect(stdout).toMatch(/^pinned/)
      expect(stderr).toBe('')
    } finally {
      await run('chmod', ['-R', 'u+w', clone])
    }
  })
})

/** A folder with the programs that any system has, and no npm. */
async function coreOnly(): Promise<string> {
  const core = join(folder, 'core')
  await mkdir(core)
  for (const name of [
    'sh',
    'dirname',
    'readlink',
    'ln',
    'uname',
    'mkdir',
    'rm',
    'sleep',
    'find',
    'date',
    'cmp',
    'touch',
    'cp',
  ]) {
    const { stdout } = await run('sh', ['-c', `command -v ${name}`])
    await symlink(stdout.trim(), join(core, name))
  }
  return core
}
