import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BuildResult } from '../../src/flows/build/result.ts'
import type { Lock } from '../../src/model/lock.ts'
import { catalogImage, catalogLock } from '../support/catalog.ts'
import {
  onlyObject,
  sharedCache,
  startTemper,
  temper,
  temperError,
  temperJson,
} from '../support/temper-cli.ts'

/* Mistakes as a new user makes them: one clear error each, that says what to do next. */

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-errors-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const here = () => ({ cwd: folder })

function recipe(name: string, text: string): string {
  writeFileSync(join(folder, `${name}.yaml`), text)
  return `${name}.yaml`
}

/** How a recipe uses one of its vars. */
function use(name: string): string {
  return ['$', '{{vars.', name, '}}'].join('')
}

describe('a recipe', () => {
  it.each<[string, string, { code: string; message: RegExp; hint: RegExp; exitCode?: number }]>([
    [
      'with a misspelt package',
      'contents: { packages: [ngimx] }',
      {
        code: 'package-not-found',
        message: /^No repository has a package "ngimx"/,
        hint: /Did you mean nginx/,
      },
    ],
    [
      'with a pin that nothing fulfils',
      'contents: { packages: [tzdata=1999*] }',
      {
        code: 'package-not-found',
        message: /^No version of tzdata matches "tzdata=1999\*": there is 20\d\d/,
        hint: /Change the pin of tzdata/,
      },
    ],
    [
      'with a pin in a circle',
      `vars: { a: "${use('b')}", b: "${use('a')}" }\ncontents: { packages: ["tzdata=${use('a')}"] }`,
      {
        code: 'bad-recipe',
        message: /^circle\.yaml:1:\d+: vars\.a: this var needs itself: a → b → a\n.*\n.*\^$/,
        hint: /temper schema/,
      },
    ],
    [
      'that asks for what it excludes',
      'contents: { packages: [python3, "!libpython3-stdlib"] }',
      {
        code: 'unsatisfiable',
        message:
          /^python3 cannot be installed:\n.*the recipe asks for python3\n.*python3 .* depends on libpython3-stdlib .* but the recipe says "!libpython3-stdlib"/,
        hint: /remove "!libpython3-stdlib"/,
      },
    ],
    [
      'with a misspelt key',
      'content: { packages: [tzdata] }',
      { code: 'bad-recipe', message: /:1:1: content: unknown key: did you mean "contents"\?/, hint: /./ },
    ],
    [
      'indented with a tab',
      'contents:\n\tpackages: [tzdata]',
      { code: 'bad-recipe', message: /:2:1: YAML is indented with spaces; found a tab/, hint: /./ },
    ],
    [
      'that is no YAML',
      'contents: [tzdata\n',
      { code: 'bad-recipe', message: /this is not valid YAML/, hint: /./ },
    ],
    [
      'that is empty',
      '',
      { code: 'bad-recipe', message: /^circle\.yaml:1:1: the recipe is empty: it needs/, hint: /./ },
    ],
    [
      'that adds a file which is not there',
      'contents: { packages: [tzdata], files: [{ source: app.conf, path: /etc/app.conf }] }',
      {
        code: 'not-found',
        message: /^The recipe adds the file app\.conf, but .*\/app\.conf does not exist$/,
        hint: /relative to the folder of the recipe/,
      },
    ],
    [
      'that asks for a shell',
      'contents: { packages: [dash] }\nentrypoint: [/bin/sh]',
      {
        code: 'not-hardened',
        message:
          /asks for packages whose programs are left out by hardening:\n {2}dash: \/usr\/bin\/dash, \/usr\/bin\/sh \(shell\)/,
        hint: /hardening\.allow: \[\{ rule: shell, why: … \}\]/,
        exitCode: 1,
      },
    ],
    [
      'that starts what no package brings',
      'contents: { packages: [tzdata] }\nentrypoint: [/usr/bin/app]',
      {
        code: 'not-closed',
        message: /entrypoint starts \/usr\/bin\/app, and there is no such program in the image$/,
        hint: /Add the package that provides it/,
        exitCode: 1,
      },
    ],
  ])('%s', async (_what, text, { exitCode = 2, ...expected }) => {
    const error = await temperError(['build', recipe('circle', text)], here())
    expect(error).toMatchObject({
      code: expected.code,
      message: expect.stringMatching(expected.message),
      hint: expect.stringMatching(expected.hint),
      exitCode,
    })
    expect(existsSync(join(folder, 'out'))).toBe(false)
  })
})

describe('the command line', () => {
  it.each<[string, string[], { code: string; message: RegExp; hint: RegExp; exitCode?: number }]>([
    [
      'a misspelt recipe',
      ['build', 'ngnix'],
      {
        code: 'recipe-not-found',
        message: /there is no recipe "ngnix"/,
        hint: /^Did you mean "nginx"\? .*jre, .*nginx/,
      },
    ],
    [
      'a misspelt command',
      ['biuld', 'nginx'],
      { code: 'bad-usage', message: /'biuld'/, hint: /Did you mean build\?/ },
    ],
    [
      'an unknown flag',
      ['build', 'nginx', '--ouput', 'x'],
      { code: 'bad-usage', message: /'--ouput'/, hint: /Did you mean --output\? .*temper help build/ },
    ],
    [
      'an unknown platform',
      ['build', 'nginx', '--platform', 'linux/s390x'],
      { code: 'bad-usage', message: /"linux\/s390x": expected linux\/amd64 or linux\/arm64/, hint: /./ },
    ],
    [
      'nothing to build',
      ['build'],
      { code: 'bad-usage', message: /Missing required argument 'target'/, hint: /temper help build/ },
    ],
    [
      '--push without a registry',
      ['build', 'nginx', '--push'],
      {
        code: 'bad-usage',
        message: /Nothing says where to publish/,
        hint: /--tag registry\.example/,
      },
    ],
    [
      'a registry without --push',
      ['build', 'nginx', '--tag', 'registry.example/nginx:1'],
      { code: 'bad-usage', message: /names a registry, but --push was not given/, hint: /Add --push/ },
    ],
    [
      'a target without a registry',
      ['copy', 'oci:out/nginx', 'nginx'],
      { code: 'bad-reference', message: /"nginx": it names no registry/, hint: /oci:nginx/ },
    ],
    [
      'a lock that is not there',
      ['build', 'static', '--lock', 'missing.json'],
      {
        code: 'not-found',
        message: /missing\.json does not exist/,
        hint: /temper lock static -o missing\.json/,
      },
    ],
    [
      'a var that the recipe does not have',
      ['build', 'static', '--var', 'version=1'],
      { code: 'bad-usage', message: /there is no var "version"/, hint: /"vars"/ },
    ],
    [
      'tests of a recipe that has none',
      ['test', 'static'],
      { code: 'bad-recipe', message: /the recipe has no tests/, hint: /"tests:"/ },
    ],
    [
      'an image that is not there',
      ['inspect', 'oci:nowhere'],
      { code: 'not-found', message: /oci:nowhere/, hint: /./ },
    ],
    [
      'a file in place of the output folder',
      ['build', 'static', '-o', 'file'],
      { code: 'file-system', message: /\/file: it is a file, not a folder/, hint: /-o/, exitCode: 3 },
    ],
    [
      'a file in place of the cache folder',
      ['build', 'static', '--cache-dir', 'file'],
      { code: 'file-system', message: /\/file is a file, not a folder/, hint: /--cache-dir/, exitCode: 3 },
    ],
  ])('%s', async (_what, args, { exitCode = 2, ...expected }) => {
    writeFileSync(join(folder, 'file'), '')
    expect(await temperError(args, here())).toMatchObject({
      code: expected.code,
      message: expect.stringMatching(expected.message),
      hint: expect.stringMatching(expected.hint),
      exitCode,
    })
  })

  it('people read the same on standard error, and nothing on standard output', async () => {
    const { code, stdout, stderr } = await temper(['build', 'ngnix'], here())
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^error\[recipe-not-found\]: .*"ngnix".*\nnext: Did you mean "nginx"\?.*\n$/)
  })
})

describe('a lock', () => {
  const damaged = (name: string, change: (text: string) => string, original: string) => {
    writeFileSync(join(folder, name), change(readFileSync(original, 'utf8')))
    return ['build', 'static', '--lock', name, '-o', 'never']
  }

  it.each<[string, (text: string) => string, RegExp]>([
    [
      'cut off',
      (text) => text.slice(0, 2000),
      /cut off\.json: the lock is damaged: expected JSON, found text that is not JSON/,
    ],
    ['with the marks of a merge', (text) => text.replace('{', '<<<<<<< ours\n{'), /has merge conflict/],
    [
      'with a damaged digest',
      (text) => text.replace(/"digest": "sha256:..../, '"digest": "sha256:zzzz'),
      /digest: expected a digest/,
    ],
    ['of a later version', (text) => text.replace('"formatVersion": 1', '"formatVersion": 99'), /99/],
    [
      'of another state of the recipe',
      (text) => text.replace(/("checksum": "sha256:)..../, '$10000'),
      /the recipe changed/,
    ],
  ])('%s', async (name, change, message) => {
    const error = await temperError(damaged(`${name}.json`, change, await catalogLock('static')), here())
    expect(error).toMatchObject({ code: 'bad-lock', exitCode: 2, message: expect.stringMatching(message) })
    expect(error.hint).toMatch(/./)
    expect(existsSync(join(folder, 'never'))).toBe(false)
  })

  it('of another recipe', async () => {
    const args = ['build', 'nginx', '--lock', await catalogLock('static')]
    expect(await temperError(args, here())).toMatchObject({
      code: 'bad-lock',
      message: expect.stringMatching(/is the lock of "static", not of "nginx"/),
    })
  })
})

describe('surroundings', () => {
  it.each([
    ['/proc', 'temper'],
    ['/dev/null', ''],
  ])('an output folder that cannot be made: in %s', async (parent, name) => {
    const error = await temperError(['build', 'static', '-o', join(parent, name)], here())
    expect(error).toMatchObject({ code: 'file-system', exitCode: 3, hint: expect.stringMatching(/./) })
    expect(error.message).toContain(parent)
  })

  it.skipIf(!canMount())('a read-only output folder', async () => {
    const place = join(folder, 'read-only')
    mkdirSync(place)
    const script = `mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"`
    const error = await temperError(['build', 'static', '-o', join(place, 'image')], {
      through: ['unshare', '-m', 'sh', '-c', script, 'sh', place],
    })
    expect(error).toMatchObject({
      code: 'file-system',
      exitCode: 3,
      message: expect.stringMatching(/read-only: read-only file system$/),
      hint: expect.stringMatching(/choose another folder/),
    })
  })

  it('no network', async () => {
    const closed = 'http://127.0.0.1:9'
    const error = await temperError(['build', 'static', '-o', 'never'], {
      ...here(),
      env: {
        TEMPER_CACHE_DIR: join(folder, 'cold'),
        HTTP_PROXY: closed,
        HTTPS_PROXY: closed,
        http_proxy: closed,
        https_proxy: closed,
      },
    })
    expect(error).toMatchObject({
      code: 'network',
      exitCode: 3,
      message: expect.stringMatching(/^Cannot fetch .*trixie.*each mirror failed:\n.*refused/i),
      hint: expect.stringMatching(/proxy settings.*TEMPER_DEBIAN_MIRROR/),
    })
    expect(existsSync(join(folder, 'never'))).toBe(false)
  })

  it.each([
    [
      'a mirror that is no address',
      'mirror.example',
      /TEMPER_DEBIAN_MIRROR: expected an http\(s\) address or the absolute path of a folder, found "mirror\.example"/,
    ],
  ])('%s', async (_what, mirror, message) => {
    const error = await temperError(['build', 'static'], { ...here(), env: { TEMPER_DEBIAN_MIRROR: mirror } })
    expect(error).toMatchObject({
      code: 'bad-configuration',
      exitCode: 2,
      message: expect.stringMatching(message),
    })
  })
})

describe('a damaged archive in the cache', () => {
  const prepare = async (name: string, damage: (file: string) => void) => {
    const lock = await catalogLock('static')
    const { result } = await catalogImage('static')
    const cache = join(folder, name)
    mkdirSync(cache)
    const { platforms }: Lock = JSON.parse(readFileSync(lock, 'utf8'))
    for (const { digest } of platforms.flatMap(({ packages }) => packages)) {
      const path = `packages/sha256/${digest.slice(7, 9)}/${digest.slice(7)}.deb`
      cpSync(join(sharedCache(), path), join(cache, path), { recursive: true })
    }
    const [file] = execFileSync('find', [cache, '-name', '*.deb', '-size', '+100k'], {
      encoding: 'utf8',
    }).split('\n')
    damage(file ?? '')
    const args = ['build', 'static', '--lock', lock, '-o', join(folder, `${name}-out`)]
    return { args, env: { TEMPER_CACHE_DIR: cache }, digest: result.digest }
  }

  it.each<[string, (file: string) => void]>([
    ['truncated', (file) => truncateSync(file, 1000)],
    [
      'overwritten',
      (file) => {
        const bytes = readFileSync(file)
        bytes.fill(0, 50_000, 50_100)
        writeFileSync(file, bytes)
      },
    ],
  ])('%s: is fetched again, or named when there is no network', async (name, damage) => {
    const { args, env, digest } = await prepare(name, damage)
    const error = await temperError([...args, '--offline'], { env })
    expect(error).toMatchObject({
      code: 'offline',
      exitCode: 3,
      message: expect.stringMatching(/archive of \S+ \S+/),
    })
    expect((await temperJson<BuildResult>(args, { env })).digest).toBe(digest)
  })
})

describe('Ctrl-C', () => {
  const interrupted = async (cache: string, args: readonly string[], when: () => boolean) => {
    const { child, done } = startTemper([...args, '--json'], { env: { TEMPER_CACHE_DIR: cache } })
    await expect.poll(when, { interval: 5, timeout: 50_000 }).toBe(true)
    child.kill('SIGINT')
    const { code, stdout } = await done
    expect(code).toBe(130)
    expect(onlyObject(stdout)).toMatchObject({ error: { code: 'interrupted', exitCode: 130 } })
  }
  const leftovers = (cache: string) =>
    readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((path) => /(^|\/)\.?tmp/.test(path))

  it('while a server does not answer leaves nothing behind', async () => {
    const cache = join(folder, 'interrupted-waiting')
    let asked = false
    const server = createServer(() => {
      asked = true
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const file = recipe(
      'waiting',
      `
contents:
  packages: [tzdata]
  repositories:
    - address: http://127.0.0.1:${(server.address() as AddressInfo).port}
      suite: trixie
      fingerprint: ${'A'.repeat(40)}
`,
    )
    const output = join(folder, 'waiting-out')
    await interrupted(cache, ['build', join(folder, file), '-o', output], () => asked)
    server.closeAllConnections()
    server.close()
    expect(existsSync(output)).toBe(false)
    expect(leftovers(cache)).toEqual([])
  })

  it('while packages are read leaves no half-written image, and the next build goes on', async () => {
    const cache = join(folder, 'interrupted-reading')
    const lock = await catalogLock('nginx')
    const { result } = await catalogImage('nginx')
    mkdirSync(cache)
    cpSync(join(sharedCache(), 'packages'), join(cache, 'packages'), { recursive: true })
    const output = join(folder, 'reading-out')
    const args = ['build', 'nginx', '--lock', lock, '-o', output]
    const begun = () => readdirSync(cache).some((name) => /^contents/.test(name))
    await interrupted(cache, args, begun)
    expect(existsSync(join(output, 'index.json'))).toBe(false)
    expect(leftovers(cache)).toEqual([])
    const again = await temperJson<BuildResult>([...args, '--offline'], { env: { TEMPER_CACHE_DIR: cache } })
    expect(again.digest).toBe(result.digest)
  })
})

function canMount(): boolean {
  if (process.getuid?.() !== 0) return false
  try {
    execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
