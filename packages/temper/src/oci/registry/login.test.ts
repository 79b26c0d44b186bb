import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dockerCredentials } from './credentials.ts'
import { http, start } from './fixtures/loopback/peers.ts'
import { loopbackUser } from './fixtures/loopback/tokens.ts'
import { checkLogin, removeCredentials, storeCredentials } from './login.ts'

let folder: string
let file: string
let environment: Readonly<Record<string, string>>
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-login-'))
  file = join(folder, 'docker/config.json')
  environment = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, HOME: folder }
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const me = { kind: 'password', username: 'me', password: 'pass:word ü' } as const
const store = (registry: string) => storeCredentials(file, { registry, credentials: me }, { environment })
const remove = (registry: string) => removeCredentials(file, registry, { environment })
const find = (registry: string) => dockerCredentials(file, { environment })(registry, 'team/app')
const content = async () => JSON.parse(await readFile(file, 'utf8'))

describe('a login', () => {
  test.each(['basic', 'bearer'] as const)('is checked with the registry: %s', async (auth) => {
    const { host } = await start({ auth })
    await checkLogin(host, { kind: 'password', ...loopbackUser }, { http })
    await expect(checkLogin(host, me, { http })).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.not.stringContaining('pass:word'),
    })
  })

  test('is kept and forgotten, and the rest of the file stays', async () => {
    await store('r.example')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await writeFile(
      file,
      JSON.stringify({ ...(await content()), HttpHeaders: { a: 'b' }, currentContext: 'x' }),
    )
    await store('localhost:5000')
    expect(await find('r.example')).toEqual(me)
    expect(await find('localhost:5000')).toEqual(me)
    expect(await remove('r.example')).toBe(true)
    expect(await remove('r.example')).toBe(false)
    expect(await find('r.example')).toBeUndefined()
    expect(await find('localhost:5000')).toEqual(me)
    expect(await content()).toMatchObject({ HttpHeaders: { a: 'b' }, currentContext: 'x' })
  })

  test('to Docker Hub is kept as docker does it, in place of older spellings', async () => {
    await mkdir(join(folder, 'docker'))
    await writeFile(file, JSON.stringify({ auths: { 'index.docker.io': { auth: 'eDp5' } } }))
    await store('docker.io')
    expect(Object.keys((await content()).auths)).toEqual(['https://index.docker.io/v1/'])
    expect(await find('docker.io')).toEqual(me)
    expect(await remove('docker.io')).toBe(true)
    expect((await content()).auths).toEqual({})
  })

  test('goes through a link to the file', async () => {
    await mkdir(join(folder, 'docker'))
    await writeFile(join(folder, 'real.json'), '{}')
    await symlink(join(folder, 'real.json'), file)
    await store('r.example')
    expect(JSON.parse(await readFile(join(folder, 'real.json'), 'utf8')).auths).toHaveProperty(['r.example'])
  })

  test('is given to the helper that the file names, and not written', async () => {
    const helper = join(folder, 'bin/docker-credential-sample')
    await mkdir(join(folder, 'bin'))
    await writeFile(
      helper,
      `#!/bin/sh\ncase "$1" in\nstore) cat > "$HOME/kept" ;;\nerase) rm "$HOME/kept" ;;\nget) sed 's/"Secret"/"Secret"/' "$HOME/kept" ;;\nesac\n`,
    )
    await chmod(helper, 0o755)
    await mkdir(join(folder, 'docker'))
    await writeFile(file, JSON.stringify({ credsStore: 'sample' }))
    await store('r.example')
    expect(JSON.parse(await readFile(join(folder, 'kept'), 'utf8'))).toEqual({
      ServerURL: 'r.example',
      Username: 'me',
      Secret: 'pass:word ü',
    })
    expect((await content()).auths).toEqual({ 'r.example': {} })
    expect(await find('r.example')).toEqual(me)
    expect(await remove('r.example')).toBe(true)
    await expect(stat(join(folder, 'kept'))).rejects.toThrow()
  })

  test('that the helper refuses is an error', async () => {
    await mkdir(join(folder, 'bin'))
    await writeFile(join(folder, 'bin/docker-credential-sample'), '#!/bin/sh\necho secret\nexit 3\n', {
      mode: 0o755,
    })
    await mkdir(join(folder, 'docker'))
    await writeFile(file, JSON.stringify({ credHelpers: { 'r.example': 'sample' } }))
    await expect(store('r.example')).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.not.stringContaining('secret'),
    })
  })
})
