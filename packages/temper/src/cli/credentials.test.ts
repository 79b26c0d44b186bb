import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  archiveCredentials,
  credentialFiles,
  helperEnvironment,
  loginFile,
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
  const asked = (env: Readonly<Record<string, string>>, registry = 'r.example') =>
    registryCredentials({ HOME: folder, XDG_RUNTIME_DIR: join(folder, 'run'), ...env }).credentials?.(
      registry,
      'app',
    )
  const places = {
    named: ['named.json', { REGISTRY_AUTH_FILE: 'named.json' }],
    DOCKER_CONFIG: ['docker/config.json', { DOCKER_CONFIG: 'docker' }],
    session: ['run/containers/auth.json', {}],
    user: ['.config/containers/auth.json', {}],
    docker: ['.docker/config.json', {}],
  } as const

  it('come from the first place that has some for the registry', async () => {
    expect(await asked({})).toBeUndefined()
    for (const [name, [path, variables]] of Object.entries(places).reverse()) {
      await file(path, auths(name))
      const env = Object.fromEntries(
        Object.entries(variables).map(([variable, value]) => [variable, join(folder, value)]),
      )
      expect(await asked(env)).toMatchObject({ password: name })
    }
  })

  it('are found behind a file that knows nothing of the registry', async () => {
    await file('run/containers/auth.json', auths('session'))
    const other = { auths: { 'other.example': { auth: Buffer.from('you:docker').toString('base64') } } }
    await file('.docker/config.json', JSON.stringify(other))
    expect(await asked({}, 'other.example')).toMatchObject({ password: 'docker' })
    expect(await asked({}, 'third.example')).toBeUndefined()
  })

  it('of a named file stand alone', async () => {
    await file('.docker/config.json', auths('docker'))
    expect(await asked({ REGISTRY_AUTH_FILE: await file('empty.json', '{}') })).toBeUndefined()
  })

  it('lie in /run where a session has no folder of its own', () => {
    expect(credentialFiles({ HOME: '/home/me' })).toEqual([
      expect.stringMatching(/^\/run\/containers\/\d+\/auth\.json$/),
      '/home/me/.config/containers/auth.json',
      '/home/me/.docker/config.json',
    ])
  })

  it('are written to the first file that there is', async () => {
    const env = { HOME: folder, XDG_RUNTIME_DIR: join(folder, 'run') }
    expect(loginFile(env)).toBe(join(folder, '.docker/config.json'))
    expect(loginFile({ ...env, REGISTRY_AUTH_FILE: '/named' })).toBe('/named')
    const podman = await file('.config/containers/auth.json', '{}')
    expect(loginFile(env)).toBe(podman)
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
