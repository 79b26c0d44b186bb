import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GitProgram } from './git-program.ts'

let home = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'temper-git-program-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const commit = '0123456789'.repeat(4)
const blob = 'ab'.repeat(20)
const limits = { time: 60_000, pack: 1000, list: 1000 }
const environment = { PATH: process.env['PATH'] ?? '' }

/** A program in place of git, which does what a script says for each of its commands. */
async function standIn(commands: Readonly<Record<string, string>>, more: Partial<typeof limits> = {}) {
  const program = join(home, 'git')
  const cases = Object.entries(commands).map(([name, body]) => `${name}) ${body} ;;\n`)
  const lines = ['#!/bin/sh', 'while [ "$1" = -c ]; do shift 2; done', 'case $1 in']
  await writeFile(program, `${lines.join('\n')}\n${cases.join('')}esac\n`)
  await chmod(program, 0o755)
  const stop = new AbortController()
  const host = { program, environment }
  const git = new GitProgram(host, join(home, 'own'), { signal: stop.signal }, { ...limits, ...more })
  return { git, stop }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

describe('git that fetches a commit', () => {
  const init = 'mkdir -p "$GIT_DIR/objects/pack"'
  const pack = (bytes: number) =>
    `head -c ${bytes / 2} /dev/zero | tee "$GIT_DIR/objects/pack/a" > "$GIT_DIR/objects/pack/b"`

  it('is stopped once the server has sent too much', async () => {
    const { git } = await standIn({ init, fetch: `${pack(1002)}; exec sleep 2` })
    await expect(git.fetch('/x', commit)).rejects.toMatchObject({
      code: 'limit-exceeded',
      message: 'git fetch: it has more than 1000 bytes',
    })
  })

  it('may take as much as the limit, and leaves nothing running', async () => {
    const { git } = await standIn({ init, fetch: `${pack(1000)}; exec sleep 0.7` })
    const before = timers()
    await expect(git.fetch('/x', commit)).resolves.toBeUndefined()
    expect(timers()).toBeLessThanOrEqual(before)
  })

  it('fails as itself, however long that takes', async () => {
    const { git } = await standIn({ init, fetch: 'sleep 0.7; echo fatal: no >&2; exit 1' })
    await expect(git.fetch('/x', commit)).rejects.toMatchObject({ code: 'network' })
  })

  it('is asked for one commit without its history, by ids of the kind that it has', async () => {
    const asked = `echo "$@" >> ${join(home, 'asked')}`
    const long = 'c'.repeat(64)
    for (const id of [commit, long]) await (await standIn({ init: asked, fetch: asked })).git.fetch('/x', id)
    const lines = (await readFile(join(home, 'asked'), 'utf8')).trim().split('\n')
    const fetch = 'fetch --quiet --no-tags --depth=1 --no-recurse-submodules --no-write-fetch-head -- /x'
    const init = (format: string) =>
      `init --quiet --bare --template= --object-format=${format} ${join(home, 'own')}`
    expect(lines).toEqual([init('sha1'), `${fetch} ${commit}`, init('sha256'), `${fetch} ${long}`])
  })

  it('stops when the person stops', async () => {
    const { git, stop } = await standIn({ init, fetch: 'exec sleep 2' })
    setTimeout(() => stop.abort(), 100)
    await expect(git.fetch('/x', commit)).rejects.toMatchObject({
      code: 'interrupted',
      message: 'Stopped while git was fetching',
    })
  })
})

describe('what went wrong with git', () => {
  const reasonOf = async (body: string, more: Partial<typeof limits> = {}) => {
    const { git } = await standIn({ 'ls-tree': body }, more)
    return await git.text(['ls-tree']).then(
      () => 'nothing',
      (error) => error,
    )
  }
  const says = (text: string) => `printf '${text}' >&2; exit 3`

  it.each([
    ['the repository', 'warning: old\\nfatal: the repository\\nhint: look there\\n', 'fatal: the repository'],
    ['what git calls one', 'see error: none\\nerror: this\\nlast\\n', 'error: this'],
    ['the last line where it calls none so', 'one\\ntwo\\nthree\\n\\n', 'three'],
    ['how it ended where it says nothing', '\\n', 'ended with 3'],
    ['nothing that moves a terminal', 'fatal: \\033[31mred\\n', 'fatal: \\u001b[31mred'],
    ['no more than people read', `fatal: ${'x'.repeat(400)}`, `fatal: ${'x'.repeat(292)}…`],
  ])('is told by %s', async (_, text, reason) => {
    const error = await reasonOf(says(text))
    expect(error).toMatchObject({ code: 'network', message: `git ls-tree: ${reason}` })
    expect(error.cause).toMatchObject({ code: 3 })
  })

  it('is the time that it took', async () => {
    const error = await reasonOf('exec sleep 2', { time: 250 })
    expect(error).toMatchObject({ code: 'network', message: 'git ls-tree: did not end in 0.25 s' })
  })

  it('is how much it says', async () => {
    const error = await reasonOf('head -c 1001 /dev/zero')
    expect(error).toMatchObject({
      code: 'limit-exceeded',
      message: 'git ls-tree: it says more than 1000 bytes',
    })
    expect(error.cause).toBeInstanceOf(RangeError)
    expect(await reasonOf('head -c 1000 /dev/zero')).toBe('nothing')
  })

  it('is that it is no program', async () => {
    const host = { program: join(home, 'none'), environment }
    const git = new GitProgram(host, home, { signal: new AbortController().signal })
    await expect(git.text(['ls-tree'])).rejects.toMatchObject({ message: 'git ls-tree: ended with ENOENT' })
    await expect(git.objects([blob], { type: 'blob', limit: 1000 })).rejects.toMatchObject({
      code: 'bad-archive',
      cause: { code: 'ENOENT' },
    })
  })
})

describe('objects that git hands out', () => {
  const objectsOf = async (body: string, ids: readonly string[] = [blob], limit = 1000) => {
    const { git } = await standIn({ 'cat-file': body })
    return (await git.objects(ids, { type: 'blob', limit })).map((bytes) =>
      Buffer.from(bytes).toString('latin1'),
    )
  }
  const one = `printf '${blob} blob 3\\na\\nb\\n'`

  it('are as long as git says, in the order of their ids', async () => {
    const other = 'cd'.repeat(20)
    expect(await objectsOf(`${one}; printf '${other} blob 0\\n\\n'`, [blob, other])).toEqual(['a\nb', ''])
    expect(await objectsOf('', [])).toEqual([])
  })

  it.each([
    ['is another', `printf '${'cd'.repeat(20)} blob 3\\nabc\\n'`],
    ['is of another kind', `printf '${blob} tree 3\\nabc\\n'`],
    ['is missing', `printf '${blob} missing\\n'`],
    ['is cut off', `printf '${blob} blob 30'`],
    ['is nothing', ''],
  ])('are refused where one %s', async (_, body) => {
    await expect(objectsOf(body)).rejects.toMatchObject({
      code: 'bad-archive',
      message: `git has no blob ${blob}`,
    })
  })

  it('are refused where git fails, though it said all', async () => {
    await expect(objectsOf(`${one}; exit 1`)).rejects.toMatchObject({
      code: 'bad-archive',
      message: 'git cannot read what it has fetched',
    })
    // More ids than a pipe holds, of which git reads none.
    const many = Array.from({ length: 5000 }, () => blob)
    await expect(objectsOf('exec <&-; exit 1', many)).rejects.toThrow('git cannot read')
  })

  it('are as much as asked for, or git is stopped at once', async () => {
    const bytes = `${blob} blob 3\n`.length + 4
    expect(await objectsOf(one, [blob], bytes)).toEqual(['a\nb'])
    const told = join(home, 'pid')
    await expect(
      objectsOf(`echo $$ > ${told}; ${one}; exec sleep 3`, [blob], bytes - 1),
    ).rejects.toMatchObject({
      code: 'limit-exceeded',
      message: `its files have more than ${bytes - 1} bytes`,
    })
    const pid = Number(await readFile(told, 'utf8'))
    for (let rounds = 0; rounds < 50 && isRunning(pid); rounds++) await after(20)
    expect(isRunning(pid)).toBe(false)
  })

  it('are no more asked for when the person stops, or the time is over', async () => {
    const { git, stop } = await standIn({ 'cat-file': 'exec sleep 2' })
    setTimeout(() => stop.abort(), 100)
    const asked = { type: 'blob', limit: 1000 } as const
    await expect(git.objects([blob], asked)).rejects.toMatchObject({ code: 'interrupted' })
    const slow = await standIn({ 'cat-file': 'exec sleep 2' }, { time: 100 })
    await expect(slow.git.objects([blob], asked)).rejects.toMatchObject({ code: 'bad-archive' })
  })
})

const real = ['/usr/bin/git', '/usr/local/bin/git', '/bin/git'].find((path) => existsSync(path))

it.skipIf(real === undefined)("git obeys nobody's configuration, and asks nobody", async () => {
  const host = { program: real ?? '', environment }
  const git = new GitProgram(host, join(home, 'own'), { signal: new AbortController().signal })
  // What is missing is not fetched; the repository is there from then on.
  await expect(git.fetch(join(home, 'none'), commit)).rejects.toMatchObject({ code: 'network' })
  expect(await git.text(['rev-parse', '--absolute-git-dir'])).toBe(`${join(home, 'own')}\n`)
  const lines = (await git.text(['config', '--list', '--show-scope'])).trim().split('\n')
  const others = lines.filter((line) => !/^(?:local|command)\t/.test(line))
  expect(others).toEqual([])
  expect(lines.filter((line) => line.startsWith('command')).map((line) => line.split('\t')[1])).toEqual([
    'transfer.fsckobjects=true',
    'protocol.version=2',
    'safe.directory=*',
    'core.hookspath=/dev/null',
    'credential.helper=',
    'gc.auto=0',
    'http.followredirects=initial',
    'fetch.unpacklimit=1',
    'maintenance.auto=false',
  ])
})
