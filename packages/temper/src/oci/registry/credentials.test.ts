import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dockerCredentials } from './credentials.ts'

let root: string
let count = 0
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'temper-credentials-'))
  await mkdir(join(root, 'bin'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function source(config: unknown) {
  const path = join(root, `config-${++count}.json`)
  await writeFile(path, typeof config === 'string' ? config : JSON.stringify(config))
  return dockerCredentials(path, {
    environment: { PATH: `${join(root, 'bin')}:/usr/bin:/bin` },
    timeout: 2000,
  })
}

/** A credential helper as a shell script that gets the server as $server. */
async function helper(name: string, script: string): Promise<void> {
  const path = join(root, 'bin', `docker-credential-${name}`)
  await writeFile(path, `#!/bin/sh\n[ "$1" = get ] || exit 9\nread -r server\n${script}\n`)
  await chmod(path, 0o755)
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
const password = (username: string, secret: string) => ({ kind: 'password', username, password: secret })

describe('config.json', () => {
  test('that is missing or empty means no credentials', async () => {
    expect(
      await dockerCredentials(join(root, 'absent.json'), { environment: {} })('r.example', 'a'),
    ).toBeUndefined()
    expect(await (await source(''))('r.example', 'a')).toBeUndefined()
    expect(await (await source({}))('r.example', 'a')).toBeUndefined()
  })

  test.each([
    ['r.example', { auth: base64('me:se:cret') }, password('me', 'se:cret')],
    ['r.example', { username: 'me', password: 'secret' }, password('me', 'secret')],
    ['https://r.example', { auth: base64('me:s') }, password('me', 's')],
    ['https://r.example/v2/', { auth: base64('me:s') }, password('me', 's')],
    ['r.example', { auth: base64('me:s'), identitytoken: 'T' }, { kind: 'identity', token: 'T' }],
    ['r.example', { registrytoken: 'T' }, { kind: 'bearer', token: 'T' }],
    ['r.example', {}, undefined],
    ['r.example:5000', { auth: base64('me:s') }, undefined],
    ['other.example', { auth: base64('me:s') }, undefined],
    ['example', { auth: base64('me:s') }, undefined],
  ])('with the key %s and %j', async (key, entry, expected) => {
    expect(await (await source({ auths: { [key]: entry } }))('r.example', 'team/app')).toEqual(expected)
  })

  test('knows Docker Hub by its old name', async () => {
    const ask = await source({ auths: { 'https://index.docker.io/v1/': { auth: base64('me:s') } } })
    expect(await ask('docker.io', 'library/nginx')).toEqual(password('me', 's'))
  })

  test('may name paths: the longest one wins', async () => {
    const auths = Object.fromEntries(
      ['r.example', 'r.example/team', 'r.example/team/app/x'].map((key) => [
        key,
        { auth: base64(`me:${key}`) },
      ]),
    )
    const ask = await source({ auths })
    expect(await ask('r.example', 'team/app')).toEqual(password('me', 'r.example/team'))
    expect(await ask('r.example', 'team2/app')).toEqual(password('me', 'r.example'))
  })

  test.each(['{', '[]', '"x"', '{"auths":{"r.example":{"auth":"c2VjcmV0"}}}'])(
    'reports %s without quoting it',
    async (text) => {
      const ask = await source(text)
      await expect(ask('r.example', 'a')).rejects.toMatchObject({
        code: 'bad-configuration',
        message: expect.not.stringMatching(/secret|c2Vj/),
      })
    },
  )
})

describe('credential helper', () => {
  test('for the host comes before the file, the general store after it', async () => {
    await helper('host', `echo '{"ServerURL":"x","Username":"helper","Secret":"'"$server"'"}'`)
    await helper('store', `echo '{"Username":"<token>","Secret":"T"}'`)
    const ask = await source({
      auths: { 'r.example': { auth: base64('me:file') }, 'file.example': { auth: base64('me:file') } },
      credHelpers: { 'r.example': 'host', 'docker.io': 'host' },
      credsStore: 'store',
    })
    expect(await ask('r.example', 'a')).toEqual(password('helper', 'r.example'))
    expect(await ask('file.example', 'a')).toEqual(password('me', 'file'))
    expect(await ask('other.example', 'a')).toEqual({ kind: 'identity', token: 'T' })
    expect(await ask('docker.io', 'library/a')).toEqual(password('helper', 'https://index.docker.io/v1/'))
  })

  test('that has nothing gives way', async () => {
    await helper('nothing', 'echo "credentials not found in native keychain"; exit 1')
    const config = {
      auths: { 'r.example': { auth: base64('me:file') } },
      credHelpers: { 'r.example': 'nothing' },
    }
    expect(await (await source(config))('r.example', 'a')).toEqual(password('me', 'file'))
    expect(await (await source({ credsStore: 'nothing' }))('r.example', 'a')).toBeUndefined()
  })

  test.each([
    ['fails', 'echo secret-in-output; echo secret-in-error >&2; exit 3', 'tool-failed'],
    ['prints no JSON', 'echo secret-in-output', 'tool-failed'],
    ['prints something else', 'echo "[1]"', 'tool-failed'],
    ['prints without end', 'yes secret-in-output', 'tool-failed'],
    ['never ends', 'exec sleep 60', 'tool-failed'],
    ['does not read', 'exec <&-; echo x; exit 5', 'tool-failed'],
  ])('that %s is an error that tells no secret', async (_, script, code) => {
    await helper('bad', script)
    const ask = await source({ credsStore: 'bad' })
    await expect(ask('r.example', 'a')).rejects.toMatchObject({
      code,
      message: expect.not.stringContaining('secret'),
    })
  })

  test('that is not installed, or is no name of one, is an error', async () => {
    await expect((await source({ credsStore: 'absent' }))('r.example', 'a')).rejects.toMatchObject({
      code: 'tool-missing',
    })
    for (const name of ['../evil', 'a b', '/bin/sh'])
      await expect((await source({ credsStore: name }))('r.example', 'a')).rejects.toMatchObject({
        code: 'bad-configuration',
      })
  })
})
