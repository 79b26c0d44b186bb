import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakeHost } from '../../../test/support/fake-host.ts'
import { tokenSource } from './identity-token.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-token-'))
  await writeFile(join(folder, 'token'), 'a.b.c\n')
  await writeFile(join(folder, 'empty'), '\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const host = (env: Record<string, string> = {}) => new FakeHost({ env, workingDir: folder })
const github = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://ci.example/token?x=1',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret',
}

describe('the token that says who we are', () => {
  it('is in the file that was named, before all others', async () => {
    const from = host({ SIGSTORE_ID_TOKEN: 'd.e.f', ...github })
    expect(await tokenSource(from, { identityToken: 'token' })).toEqual({ kind: 'token', token: 'a.b.c' })
  })

  it('comes on standard input', async () => {
    const from = host()
    from.input = 'g.h.i\n'
    expect(await tokenSource(from, { identityToken: '-' })).toEqual({ kind: 'token', token: 'g.h.i' })
  })

  it('is what GitLab sets', async () => {
    const from = host({ SIGSTORE_ID_TOKEN: 'd.e.f', ...github })
    expect(await tokenSource(from, {})).toEqual({ kind: 'token', token: 'd.e.f' })
  })

  it('is asked of the service of a run of GitHub Actions', async () => {
    expect(await tokenSource(host(github), {})).toEqual({
      kind: 'service',
      url: 'https://ci.example/token?x=1',
      authorization: 'Bearer secret',
    })
  })

  it('is missed with a way to get one', async () => {
    await expect(tokenSource(host(), {})).rejects.toMatchObject({
      code: 'bad-usage',
      hint: expect.stringMatching(/id-token: write.*SIGSTORE_ID_TOKEN.*--identity-token/),
    })
  })

  it.each([
    ['eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln', 'not-found'],
    ['nowhere', 'not-found'],
    ['empty', 'bad-usage'],
  ])('is not taken from %j', async (identityToken, code) => {
    const failed = tokenSource(host(), { identityToken })
    await expect(failed).rejects.toMatchObject({ code, message: expect.not.stringMatching(/eyJ/) })
  })
})
