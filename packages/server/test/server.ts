import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { z } from 'zod'
import type { Grant } from '../src/auth/principal.ts'
import { TokenFile } from '../src/auth/token-file.ts'
import type { rulesSchema } from '../src/registry/rules/rules.ts'
import { type RunningServer, serve } from '../src/server.ts'
import { settingsFrom } from '../src/settings-sources.ts'
import type { Context } from '../src/temper.ts'

/** A service of a test: started on a folder of its own, stopped and removed after the test. */
export interface TestServer extends RunningServer {
  readonly data: string
  readonly host: string
  readonly token: string
}

export async function folderOf(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'temper-server-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** `tokens` are made beforehand; their texts come back in order. */
export async function startServer(
  options: {
    readonly data?: string
    readonly blobLimit?: number
    readonly port?: number
    readonly token?: string
    readonly policy?: string
    readonly knownAs?: string
    readonly context?: Context
    readonly feeds?: string
    readonly rules?: z.input<typeof rulesSchema>
    readonly proxies?: readonly object[]
    readonly limits?: object
    readonly identities?: readonly object[]
    readonly replicas?: readonly object[]
    readonly factory?: {
      readonly program: readonly string[]
      readonly recipes?: string
      readonly database?: string
    }
  } = {},
): Promise<TestServer> {
  const { token: known, context, ...settings } = options
  const data = settings.data ?? (await folderOf())
  const server = await serve(
    settingsFrom({ environment: {}, given: { port: 0, ...settings, data } }),
    context,
  )
  let open = true
  const close = async () => {
    if (open) await server.close()
    open = false
  }
  onTestFinished(close)
  return { ...server, close, data, host: new URL(server.url).host, token: server.token ?? known ?? '' }
}

/** A token beside the administrator's; the service has to be started afterwards. */
export async function addToken(data: string, name: string, grants: readonly Grant[]): Promise<string> {
  const tokens = await TokenFile.open(join(data, 'tokens.json'))
  return (await tokens.create(name, grants, { now: new Date() })).token
}

export interface Asked {
  readonly method?: string
  readonly token?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array<ArrayBuffer> | string
}

export async function ask(
  { url, token }: TestServer,
  path: string,
  { method = 'GET', headers = {}, body, ...asked }: Asked = {},
): Promise<Response> {
  const used = 'token' in asked ? asked.token : token
  return fetch(`${url}${path}`, {
    method,
    headers: { ...(used === undefined ? {} : { Authorization: `Bearer ${used}` }), ...headers },
    ...(body === undefined ? {} : { body }),
    redirect: 'manual',
  })
}
