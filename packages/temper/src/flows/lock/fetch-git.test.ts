import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collect } from '../../base/bytes.ts'
import { filesOfArchive } from '../../recipe/source/archive-source.ts'
import type { Context } from '../context.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { fetchGitTree } from './fetch-git.ts'
import { checkGitTree } from './git-proof.ts'

const program = ['/usr/bin/git', '/usr/local/bin/git', '/bin/git'].find((path) => existsSync(path))

describe.skipIf(program === undefined)('a commit of a repository of git', () => {
  let folder = ''
  let source = ''
  let commit = ''
  let server: Server
  let address = ''
  const warnings: string[] = []

  const date = '2026-01-02T03:04:05Z'
  const run = (words: readonly string[], { input = '', cwd = source } = {}) =>
    execFileSync(program ?? 'git', ['-c', 'user.name=a', '-c', 'user.email=a@a.example', ...words], {
      cwd,
      input,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_DATE: date,
      },
    }).trim()
  const git = (...words: readonly string[]) => run(words)
  /** A commit of a tree whose object is as it is given, which git would not make. */
  const commitOf = async (entries: readonly (readonly [head: string, id: string])[]) => {
    const path = join(folder, 'tree')
    const parts = entries.flatMap(([head, id]) => [Buffer.from(`${head}\0`), Buffer.from(id, 'hex')])
    await writeFile(path, Buffer.concat(parts))
    return git('commit-tree', '-m', 'x', git('hash-object', '-t', 'tree', '--literally', '-w', path))
  }

  const contextOf = (cache: string, more: Partial<Context> = {}): Context => {
    const context = sampleContext(join(folder, cache), { offline: false })
    const progress = { ...context.progress, warn: (text: string) => void warnings.push(text) }
    const environment = { PATH: process.env['PATH'] ?? '' }
    return {
      ...context,
      progress,
      temporaryDir: folder,
      git: { program: program ?? '', environment },
      ...more,
    }
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'temper-fetch-git-'))
    source = join(folder, 'app')
    await mkdir(join(source, 'src'), { recursive: true })
    git('init', '--quiet', '--initial-branch=main')
    await writeFile(join(source, 'src/main.c'), 'int main;\n')
    await writeFile(join(source, 'build.sh'), '#!/bin/sh\n')
    await chmod(join(source, 'build.sh'), 0o755)
    await symlink('src/main.c', join(source, 'main'))
    // What a checkout would obey.
    await writeFile(join(source, '.gitattributes'), '*.c eol=crlf filter=evil\nbuild.sh export-ignore\n')
    git('add', '.')
    git('commit', '--quiet', '-m', 'first')
    git('update-index', '--add', '--cacheinfo', `160000,${git('rev-parse', 'HEAD')},vendor/lib`)
    git('commit', '--quiet', '-m', 'with a submodule')
    commit = git('rev-parse', 'HEAD')
    git('commit', '--quiet', '--allow-empty', '-m', 'newer')
    const backend = join(
      execFileSync(program ?? 'git', ['--exec-path'], { encoding: 'utf8' }).trim(),
      'git-http-backend',
    )
    server = createServer((request, response) => {
      const [path = '', query = ''] = (request.url ?? '').split('?')
      if (path.startsWith('/private/')) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="app"' }).end()
        return
      }
      const { PATH } = process.env
      const child = spawn(backend, {
        env: {
          PATH,
          GIT_PROJECT_ROOT: folder,
          GIT_HTTP_EXPORT_ALL: '1',
          PATH_INFO: path,
          QUERY_STRING: query,
          REQUEST_METHOD: request.method ?? '',
          CONTENT_TYPE: request.headers['content-type'] ?? '',
          HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
          GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        },
      })
      request.pipe(child.stdin)
      const chunks: Buffer[] = []
      child.stdout.on('data', (chunk: Buffer) => void chunks.push(chunk))
      child.on('close', () => {
        const all = Buffer.concat(chunks)
        const end = all.indexOf('\r\n\r\n')
        for (const line of all.subarray(0, end).toString('latin1').split('\r\n')) {
          const [name = '', value = ''] = line.split(': ')
          if (name === 'Status') response.statusCode = Number(value.split(' ')[0])
          else if (name !== '') response.setHeader(name, value)
        }
        response.end(all.subarray(end + 4))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/app/.git`
  })
  afterAll(async () => {
    server.close()
    await rm(folder, { recursive: true, force: true })
  })

  const beside = async (name: string) => join(folder, name)
  const filesOf = async (bytes: Uint8Array) => {
    const request = { path: '/app', source: 'x', mode: 0o644, uid: 0, gid: 0 } as const
    const files = await filesOfArchive({ ...request, unpack: { strip: 0, modes: 'kept' } }, bytes)
    return Object.fromEntries(
      files.map(({ request: { path, mode }, type = 'file', target, content }) => [
        path,
        `${type} ${mode.toString(8)} ${target ?? Buffer.from(content).toString('utf8')}`,
      ]),
    )
  }

  it('is had over http and from the disk with the same bytes, as it was committed', async () => {
    const made = await fetchGitTree({ repository: address, commit }, beside, contextOf('http'))
    const bytes = await collect(made.open(), { limit: made.size, what: 'tree' })
    expect(await filesOf(bytes)).toEqual({
      '/app/.gitattributes': 'file 644 *.c eol=crlf filter=evil\nbuild.sh export-ignore\n',
      '/app/build.sh': 'file 755 #!/bin/sh\n',
      '/app/main': 'symlink 755 src/main.c',
      '/app/src/main.c': 'file 644 int main;\n',
      '/app/vendor/lib': 'directory 755 ',
    })
    expect(warnings).toEqual([
      `the commit ${commit} of ${address}: the submodule vendor/lib is not fetched: name it as an input of its own`,
    ])
    // Of this commit for all time: locks have it.
    expect(commit).toBe('c06e7132937c0551727cb888f3d829e49b81dea2')
    expect(made.digest).toBe('sha256:08620b4a3d817fc4205811c1ea6c5eb98d28a463ce3d2194fdfcf8feb4624267')
    const here = await fetchGitTree({ repository: 'app', commit }, beside, contextOf('disk'))
    expect(here.digest).toBe(made.digest)
    await expect(checkGitTree(commit, bytes)).resolves.toBeUndefined()
    // From the cache alone, though neither git nor a network is there.
    const alone = contextOf('http', { offline: true, git: undefined })
    expect((await fetchGitTree({ repository: address, commit }, beside, alone)).digest).toBe(made.digest)
  })

  it('says what only has a name there, and that nobody is asked for a password', async () => {
    git('checkout', '--quiet', '-b', 'large')
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4f'.repeat(32)}\nsize 12345\n`
    await writeFile(join(source, 'model.bin'), pointer)
    git('add', 'model.bin')
    git('commit', '--quiet', '-m', 'with a pointer')
    const large = git('rev-parse', 'HEAD')
    git('checkout', '--quiet', 'main')
    warnings.length = 0
    await fetchGitTree({ repository: 'app', commit: large }, beside, contextOf('pointer'))
    expect(warnings.at(-1)).toContain('Git LFS keeps elsewhere it has only the pointers (model.bin)')
    const hidden = { repository: address.replace('/app/', '/private/app/'), commit }
    await expect(fetchGitTree(hidden, beside, contextOf('private'))).rejects.toMatchObject({
      code: 'network',
      hint: expect.stringContaining('without a password'),
    })
  })

  it('proves that its files are those of the commit, whoever hands them on', async () => {
    const made = await fetchGitTree({ repository: 'app', commit }, beside, contextOf('proof'))
    const bytes = Buffer.from(await collect(made.open(), { limit: made.size, what: 'tree' }))
    const changed = (from: string, to: string) => {
      const at = bytes.indexOf(from)
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(to), bytes.subarray(at + from.length)])
    }
    const empty = Buffer.alloc(1024)
    const others = [changed('int main', 'int evil'), changed('"mode":"160000"', '"mode":"100644"'), empty]
    for (const other of others)
      await expect(checkGitTree(commit, other)).rejects.toMatchObject({ code: 'bad-attestation' })
    const newer = git('rev-parse', 'HEAD')
    await expect(checkGitTree(newer, bytes)).rejects.toThrow('found no commit of that id')
  })

  it('runs nothing and obeys nothing of the repository', async () => {
    const own = join(folder, 'evil')
    execFileSync(program ?? 'git', ['clone', '--quiet', '--bare', source, own])
    const ran = join(folder, 'ran')
    for (const hook of ['post-checkout', 'pre-auto-gc', 'reference-transaction', 'post-index-change']) {
      await writeFile(join(own, 'hooks', hook), `#!/bin/sh\ntouch ${ran}\n`)
      await chmod(join(own, 'hooks', hook), 0o755)
    }
    const settings = { 'core.fsmonitor': `touch ${ran}`, 'uploadpack.packObjectsHook': `touch ${ran}; exec` }
    for (const [name, value] of Object.entries(settings))
      execFileSync(program ?? 'git', ['-C', own, 'config', name, value])
    const made = await fetchGitTree({ repository: 'evil', commit }, beside, contextOf('evil-cache'))
    expect(made.size).toBeGreaterThan(0)
    expect(spawnSync('ls', [ran]).status).not.toBe(0)
  })

  it('is refused where it is not there, is none, or nothing can fetch it', async () => {
    const none = '0123456789'.repeat(4)
    await expect(
      fetchGitTree({ repository: address, commit: none }, beside, contextOf('none')),
    ).rejects.toMatchObject({ code: 'network', message: expect.stringContaining(none) })
    const blob = git('rev-parse', `${commit}:build.sh`)
    await expect(
      fetchGitTree({ repository: 'app', commit: blob }, beside, contextOf('blob')),
    ).rejects.toMatchObject({ message: expect.stringContaining(blob) })
    await expect(
      fetchGitTree({ repository: address, commit }, beside, contextOf('no', { git: undefined })),
    ).rejects.toMatchObject({ code: 'tool-missing', hint: expect.stringContaining('Install it') })
    await expect(
      fetchGitTree({ repository: address, commit }, beside, contextOf('off', { offline: true })),
    ).rejects.toMatchObject({ code: 'offline', next: { action: 'go-online' } })
    const stopped = contextOf('stopped', { signal: AbortSignal.abort() })
    await expect(fetchGitTree({ repository: 'app', commit }, beside, stopped)).rejects.toMatchObject({
      code: 'interrupted',
      message: 'Stopped while git was fetching',
    })
  })

  it('is had from the disk without the network, whatever the folder is called', async () => {
    const name = 'copy-of-https:app'
    await symlink('app', join(folder, name))
    const context = contextOf('odd-name', { offline: true })
    await expect(fetchGitTree({ repository: name, commit }, beside, context)).resolves.toBeDefined()
  })

  it('may be of a repository whose ids are of SHA-256', async () => {
    const cwd = join(folder, 'long')
    await mkdir(cwd)
    run(['init', '--quiet', '--object-format=sha256'], { cwd })
    await writeFile(join(cwd, 'a'), 'b')
    run(['add', '.'], { cwd })
    run(['commit', '--quiet', '-m', 'first'], { cwd })
    const long = run(['rev-parse', 'HEAD'], { cwd })
    expect(long).toHaveLength(64)
    const made = await fetchGitTree({ repository: 'long', commit: long }, beside, contextOf('long-cache'))
    const bytes = await collect(made.open(), { limit: made.size, what: 'tree' })
    expect(await filesOf(bytes)).toEqual({ '/app/a': 'file 644 b' })
  })

  it('may have modes of old, which git lists as those of today', async () => {
    const id = git('rev-parse', `${commit}:build.sh`)
    const inner = git('rev-parse', `${commit}:src`)
    const folderOfOld = join(folder, 'inner')
    await writeFile(folderOfOld, Buffer.concat([Buffer.from('100664 b\0'), Buffer.from(id, 'hex')]))
    const old = git('hash-object', '-t', 'tree', '--literally', '-w', folderOfOld)
    const entries = [
      ['100664 a', id],
      ['100775 b', id],
      ['40000 c', old],
      ['40000 src', inner],
    ] as const
    const made = await fetchGitTree(
      { repository: 'app', commit: await commitOf(entries) },
      beside,
      contextOf('old'),
    )
    expect(await filesOf(await collect(made.open(), { limit: made.size, what: 'tree' }))).toEqual({
      '/app/a': 'file 644 #!/bin/sh\n',
      '/app/b': 'file 755 #!/bin/sh\n',
      '/app/c/b': 'file 644 #!/bin/sh\n',
      '/app/src/main.c': 'file 644 int main;\n',
    })
  })

  it('is refused when it has what git would not check out', async () => {
    const evil = await commitOf([['100644 .git', git('rev-parse', `${commit}:build.sh`)]])
    await expect(
      fetchGitTree({ repository: address, commit: evil }, beside, contextOf('dot-git')),
    ).rejects.toMatchObject({ code: 'network', message: expect.stringContaining("contains '.git'") })
  })

  /** A context whose git is a script, and what is said to be over. */
  const standIn = async (name: string, commands: string) => {
    const path = join(folder, `${name}-git`)
    const lines = ['#!/bin/sh', 'while [ "$1" = -c ]; do shift 2; done', 'case $1 in', commands, 'esac']
    await writeFile(path, `${lines.join('\n')}\n`)
    await chmod(path, 0o755)
    const done: string[] = []
    const context = contextOf(name, {
      git: { program: path, environment: { PATH: process.env['PATH'] ?? '' } },
    })
    const start = (text: string) => ({ ...context.progress.start(text), done: () => void done.push(text) })
    return { done, context: { ...context, progress: { ...context.progress, start } } }
  }

  it('has no more files than a program, which are counted before any is read', async () => {
    const line = `100644 blob ${'ab'.repeat(20)}\tx`
    for (const [count, expected] of [
      [50_000, { message: expect.stringContaining('git cat-file: ended with 7') }],
      [50_001, { code: 'limit-exceeded', message: expect.stringContaining('it has more than 50000 files') }],
    ] as const) {
      const list = join(folder, `list-${count}`)
      const folders = `040000 tree ${'cd'.repeat(20)}\td\0`
      await writeFile(list, folders + Array.from({ length: count }, (_, at) => `${line}${at}\0`).join(''))
      const { context } = await standIn(`many-${count}`, `ls-tree) cat ${list} ;;\ncat-file) exit 7 ;;`)
      await expect(fetchGitTree({ repository: 'app', commit }, beside, context)).rejects.toMatchObject(
        expected,
      )
    }
  })

  it('leaves nothing behind when it cannot be had, and says why', async () => {
    const { context, done } = await standIn('broken', 'init) rm -r "$GIT_DIR"; echo fatal: no >&2; exit 1 ;;')
    const what = `the commit ${commit} of app`
    await expect(fetchGitTree({ repository: 'app', commit }, beside, context)).rejects.toMatchObject({
      code: 'network',
      message: `${what}: git init: fatal: no`,
      cause: { message: 'git init: fatal: no' },
    })
    expect(done).toEqual([`Fetching ${what}`])
    expect((await readdir(folder)).filter((name) => name.startsWith('temper-git-'))).toEqual([])
  })
})
