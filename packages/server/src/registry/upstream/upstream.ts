import { readFile } from 'node:fs/promises'
import { type Context, openStoreFor, parseReference, TemperError } from '../../temper.ts'
import { fetchFrom } from './reach.ts'
import { placeOf } from './settings.ts'

/** Another registry, and the user as which it is asked. */
export interface UpstreamSettings {
  readonly from: string
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly passwordFile?: string | undefined
}

/** A repository in another registry, as the library sees it. */
export type UpstreamStore = Awaited<ReturnType<typeof openStoreFor>>

/** The context for requests to another registry: its credentials are sent to it alone, and it leads to nothing that is none of its business. */
export async function upstreamContext(context: Context, settings: UpstreamSettings): Promise<Context> {
  const { host, plain } = placeOf(settings.from)
  const { username, passwordFile } = settings
  const password =
    passwordFile === undefined ? settings.password : (await passwordIn(passwordFile)).split(/\r?\n/, 1)[0]
  const own =
    username === undefined ? undefined : ({ kind: 'password', username, password: password ?? '' } as const)
  return {
    ...context,
    fetch: fetchFrom(settings.from, context.fetch),
    insecureRegistries: plain ? [...context.insecureRegistries, host] : context.insecureRegistries,
    credentials: async (asked, repository) =>
      asked === host && own !== undefined ? own : context.credentials?.(asked, repository),
  }
}

async function passwordIn(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new TemperError(
      'bad-configuration',
      `The file with a password cannot be read: ${(error as Error).message}`,
    )
  }
}

export async function openUpstream(
  { from }: UpstreamSettings,
  repository: string,
  context: Context,
): Promise<UpstreamStore> {
  const { host, path } = placeOf(from)
  const name = [path, repository].filter((part) => part !== '').join('/')
  return openStoreFor(parseReference(`${host}/${name}`), context)
}
