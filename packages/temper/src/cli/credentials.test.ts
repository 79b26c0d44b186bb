import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  archiveCredentials,
  dockerConfiguration,
  helperEnvironment,
  registryCredentials,
} from './credentials.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-cli-credentials-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
  return path
}

const auths = (password: string) =>
  JSON.stringify({ auths: { 'r.example': { auth: Buffer.from(`me:${password}`).toString('base64') } } })

describe('registry credentials', () => {
  it('come from the first file that is there', async () => {
    const env = { HOME: folder, XDG_RUNTIME_DIR: join(folder, 'run') }
    expect(registryCredentials(env)).toEqual({})
    const places = [
      [env, await file('run/containers/auth.json', auths('podman'))],
      [env, await file('.docker/config.json', auths('home'))],
      [{ ...env, DOCKER_CONFIG: join(folder, 'docker') }, await file('docker/config.json', auths('docker'))],
      [{ ...env, REGISTRY_AUTH_FILE: join(folder, 'auth.json') }, await file('auth.json', auths('named'))],
    ] as const
    // Each of them comes before those that were looked at earlier.
    expect(dockerConfiguration(env)).toBe(places[1][1])
    for (const [settings, path] of places.slice(1)) expect(dockerConfiguration(settings)).toBe(path)
    await rm(places[1][1])
    expect(dockerConfiguration(env)).toBe(places[0][1])
  })

  it('are read when somebody asks', async () => {
    const path = await file('.docker/config.json', auths('early'))
    const { credentials } = registryCredentials({ HOME: folder })
    await writeFile(path, auths('late'))
    expect(await credentials?.('r.example', 'app')).toEqual({
      kind: 'password',
      username: 'me',
      password: 'late',
    })
    expect(await credentials?.('other.example', 'app')).toBeUndefined()
  })

  it('of a helper are asked for without the secrets of the environment', async () => {
    const helper = await file(
      'bin/docker-credential-env',
      `#!/bin/sh\nprintf '{"Username":"%s","Secret":"%s"}' "$AWS_PROFILE" "\${TEMPER_KEY_PASSWORD:-none}"\n`,
    )
    await chmod(helper, 0o755)
    await file('.docker/config.json', JSON.stringify({ credsStore: 'env' }))
    const { credentials } = registryCredentials({
      HOME: folder,
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
      AWS_PROFILE: 'team',
      TEMPER_KEY_PASSWORD: 'secret',
    })
    expect(await credentials?.('r.example', 'app')).toEqual({
      kind: 'password',
      username: 'team',
      password: 'none',
    })
  })
})

describe('the environment of helpers', () => {
  const kept = [
    ...['PATH', 'HOME', 'XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS', 'GNUPGHOME', 'PASSWORD_STORE_DIR'],
    ...['https_proxy', 'NO_PROXY', 'SSL_CERT_FILE', 'DOCKER_CONFIG', 'AWS_ROLE_ARN', 'AZURE_CLIENT_ID'],
    ...['GOOGLE_APPLICATION_CREDENTIALS', 'CLOUDSDK_CONFIG', 'LC_ALL'],
  ]
  const dropped = [
    ...['TEMPER_KEY_PASSWORD', 'COSIGN_PASSWORD', 'SIGSTORE_ID_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
    ...['GITHUB_TOKEN', 'NODE_OPTIONS', 'LD_PRELOAD', 'MY_PATH', 'PATH_TO_SECRET', 'XAWS_KEY'],
  ]
  it('holds what they document, and nothing else', () => {
    const env = Object.fromEntries([...kept, ...dropped].map((name) => [name, `the ${name}`]))
    expect(Object.keys(helperEnvironment({ ...env, USER: undefined })).sort()).toEqual([...kept].sort())
    expect(helperEnvironment(env)['PATH']).toBe('the PATH')
  })
})

describe('credentials of archives', () => {
  it('come from the netrc file, read when the first archive is reached', async () => {
    expect(archiveCredentials(undefined)).toEqual({})
    const path = await file('.netrc', 'machine early.example login a password b')
    const { archiveAuthorization } = archiveCredentials(path)
    await writeFile(path, 'machine mirror.example login me password secret')
    const authorization = await archiveAuthorization?.()
    expect(authorization?.(new URL('https://mirror.example/debian'))).toBe(
      `Basic ${Buffer.from('me:secret').toString('base64')}`,
    )
    expect(authorization?.(new URL('http://mirror.example/debian'))).toBeUndefined()
    expect(authorization?.(new URL('https://early.example/debian'))).toBeUndefined()
  })

  it('are none when the file went away, and an error that quotes no secret when it is wrong', async () => {
    const path = await file('.netrc', 'machine a.example login me password secret oops')
    const { archiveAuthorization } = archiveCredentials(path)
    await expect(archiveAuthorization?.()).rejects.toMatchObject({
      code: 'bad-configuration',
      message: expect.not.stringContaining('secret'),
    })
    await rm(path)
    expect((await archiveAuthorization?.())?.(new URL('https://a.example/'))).toBeUndefined()
  })
})
