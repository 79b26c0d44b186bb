import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../src/base/digest.ts'
import { runSandbox } from '../../src/container/sandbox/sandbox.ts'
import type { BuildResult } from '../../src/flows/build/result.ts'
import type { RebuildResult } from '../../src/flows/rebuild/rebuild.ts'
import { readImage } from '../../src/oci/image/read-image.ts'
import { openLayout } from '../../src/oci/layout/layout.ts'
import { tryDebianTool } from '../support/debian-tool.ts'
import { linkCache } from '../support/linked-cache.ts'
import { sharedCache, temper, temperError, temperJson } from '../support/temper-cli.ts'

/* Build steps run in a real sandbox, over real packages. */

const git = spawnSync('git', ['--version'], { stdio: 'ignore' })
const isRoot = process.getuid?.() === 0
const sandbox = await tryDebianTool(isRoot ? 'runc' : 'bwrap')
const bubblewrap = isRoot ? await tryDebianTool('bwrap') : undefined

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-steps-'))
  writeFileSync(join(folder, 'hello.c'), '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function recipe(name: string, step: string, outputs: string, packages = '[coreutils]'): string {
  const text = `
name: ${name}
contents: { packages: [libc6] }
steps:
  - name: make
    packages: ${packages}
    inputs: [{ source: hello.c }]
    run: ${JSON.stringify(step)}
    outputs: ${outputs}
${name === 'hello' ? 'tests: [{ name: says hello, command: [/usr/local/bin/hello], output: hello }]' : ''}
`
  writeFileSync(join(folder, `${name}.yaml`), text)
  return `${name}.yaml`
}

const compilers = '[gcc, libc6-dev, coreutils]'
const compile = 'gcc -O2 -s -o hello hello.c; mkdir -p share/a; date > share/a/date; ln -s a/date share/now'
const hello =
  '[{ source: hello, path: /usr/local/bin/hello }, { source: share/a, path: /usr/share/a }, { source: share/now, path: /usr/share/now }]'

describe.skipIf(sandbox === undefined)('a step', () => {
  it('makes what the image runs, the same each time', async () => {
    // The date is another each time, so what is locked has to be made constant.
    const target = recipe(
      'hello',
      compile.replace('date >', 'date -d @$SOURCE_DATE_EPOCH >'),
      hello,
      compilers,
    )
    await temperJson(['lock', target], { cwd: folder })
    const built = await temperJson<BuildResult>(['build', target], { cwd: folder })
    const rebuilt = await temperJson<RebuildResult>(['rebuild', 'oci:out/hello'], { cwd: folder })
    expect(rebuilt).toMatchObject({ equal: true, rebuilt: built.digest })
    if (isRoot)
      expect(await temper(['test', target, '--runtime', 'runc'], { cwd: folder })).toMatchObject({ code: 0 })
  })

  it.skipIf(git.status !== 0)(
    'takes a commit of a repository beside the recipe, which rebuilding needs no more',
    async () => {
      const home = join(folder, 'beside')
      const source = join(home, 'app')
      mkdirSync(source, { recursive: true })
      writeFileSync(join(source, 'greeting'), 'hello\n')
      const run = (...words: readonly string[]) =>
        execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@a.example', ...words], {
          cwd: source,
          encoding: 'utf8',
        }).trim()
      run('init', '--quiet')
      run('add', '.')
      run('commit', '--quiet', '-m', 'first')
      const text = `
name: greeting
contents: { packages: [base-files] }
steps:
  - name: make
    packages: [coreutils]
    inputs: [{ git: app, commit: ${run('rev-parse', 'HEAD')} }]
    run: cp app/greeting made
    outputs: [{ source: made, path: /usr/share/greeting }]
`
      writeFileSync(join(home, 'recipe.yaml'), text)
      const built = await temperJson<BuildResult>(['build', 'recipe.yaml', '-o', 'out'], { cwd: home })
      rmSync(source, { recursive: true })
      const cache = join(home, 'other-cache')
      await linkCache(sharedCache(), cache, (name) => name === 'packages' || name === 'indices')
      const env = { TEMPER_CACHE_DIR: cache }
      const rebuilt = await temperJson<RebuildResult>(['rebuild', 'oci:out'], { cwd: home, env })
      expect(rebuilt).toMatchObject({ equal: true, rebuilt: built.digest })
    },
  )

  it.skipIf(bubblewrap === undefined)('runs the same without root', async () => {
    const layout = openLayout(join(folder, 'out/hello'))
    const root = await layout.resolve('latest')
    const image = await readImage(layout, root, { platform: { os: 'linux', architecture: 'amd64' } })
    const job = {
      args: ['/usr/local/bin/hello'],
      environment: ['A=b=c'],
      folder: '/tmp',
      inputs: [],
      mtime: 0,
      outputs: [],
      timeout: 60,
    }
    const { result } = await runSandbox(image, job, {
      program: { name: 'bwrap', program: bubblewrap ?? '' },
      temporaryDir: folder,
      node: process.execPath,
      signal: new AbortController().signal,
      what: 'it',
    })
    expect(result).toEqual({ exitCode: 0, output: 'hello\n' })
  })

  it('that makes other bytes is refused by the next build, which names the file', async () => {
    const target = recipe('random', 'head -c 8 /dev/urandom > hello', '[{ source: hello, path: /opt/hello }]')
    await temperJson(['lock', target], { cwd: folder })
    await temperJson(['build', target], { cwd: folder })
    const error = await temperError(['rebuild', 'oci:out/random'], { cwd: folder })
    expect(error).toMatchObject({
      code: 'step-differs',
      message: expect.stringContaining('  hello: expected'),
    })
  })

  it('reaches no network, has no rights, and changes nothing but its folder', async () => {
    const refuse = (what: string) => `if ${what} 2> /dev/null; then echo can: '${what}'; exit 1; fi`
    const expectEqual = (what: string, text: string) =>
      `[ "${what}" = "${text}" ] || { echo "expected ${text}, found ${what}"; exit 1; }`
    const probe = [
      ...['touch /usr/x', 'touch /etc/x', 'chown 0 hello.c', 'cat /etc/shadow > /dev/null'].map(refuse),
      'touch /tmp/x',
      expectEqual('$(id -u):$(id -g)', '65532:65532'),
      expectEqual('$TZ $LC_ALL $HOME $(umask) $(pwd)', 'UTC C.UTF-8 /tmp 0022 /work'),
      expectEqual('$(cat /proc/sys/kernel/hostname)', 'temper-build'),
      expectEqual('$(stat -c %Y hello.c)', '$SOURCE_DATE_EPOCH'),
      'while read -r name value; do case $name in Cap*)',
      expectEqual('$value', '0000000000000000'),
      ';; esac; done < /proc/self/status',
      // Two lines of heading, and loopback.
      'lines=0; while read -r line; do lines=$((lines + 1)); done < /proc/net/dev',
      expectEqual('$lines', '3'),
      'echo done > all',
    ].join('\n')
    const target = recipe('probe', probe, '[{ source: all, path: /opt/all }]')
    const { code, stdout } = await temper(['lock', target, '-o', '-'], { cwd: folder })
    expect(code, stdout).toBe(0)
    expect(stdout).toContain(sha256('done\n'))
  })

  it('that fails is told with what it printed', async () => {
    const target = recipe('fails', 'echo no luck; exit 3', '[{ source: x, path: /opt/x }]')
    const error = await temperError(['lock', target], { cwd: folder })
    expect(error).toMatchObject({
      code: 'step-failed',
      message: expect.stringMatching(/ended with 3:\n {2}no luck/),
    })
  })
})
