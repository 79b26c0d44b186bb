import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
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

  const git = (...words: readonly string[]) =>
    execFileSync(program ?? 'git', ['-c', 'user.name=a', '-c', 'user.email=a@a.example', ...words], {
      cwd: source,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    }).trim()

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
    git('init', '--quiet')
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
    expect(warnings.at(-1)).toContain('the submodule vendor/lib is not fetched')
    const here = await fetchGitTree({ repository: 'app', commit }, beside, contextOf('disk'))
    expect(here.digest).toBe(made.digest)
    await expect(checkGitTree(commit, bytes)).resolves.toBeUndefined()
    // From the cache alone, though neither git nor a network is there.
    const alone = contextOf('http', { offline: true, git: undefined })
    expect((await fetchGitTree({ repository: address, commit }, beside, alone)).digest).toBe(made.digest)
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
    ).rejects.toMatchObject({ code: 'tool-missing' })
    await expect(
      fetchGitTree({ repository: address, commit }, beside, contextOf('off', { offline: true })),
    ).rejects.toMatchObject({ code: 'offline' })
  })
})
