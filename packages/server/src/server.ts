import type { Reindexed } from './factory/reindex.ts'
import { openService, type Service } from './service.ts'
import type { Settings } from './settings.ts'
import { type Context, TemperError } from './temper.ts'

/** A service that answers. */
export interface RunningServer {
  readonly url: string
  /** The first administrator's token, the first time that a data folder is used: it cannot be had again. */
  readonly token: string | undefined
  /** Takes no more requests, and returns when those that are open have ended. */
  close(): Promise<void>
}

/**
 * Starts the service. `context` is the world that images are built and judged in: needed where there is a policy or a factory. Throws
 * `bad-configuration` and `unavailable` when it cannot begin.
 */
export async function serve(settings: Settings, context?: Context): Promise<RunningServer> {
  const { service, token } = await startService(settings, context)
  return { url: service.url, token, close: service.close }
}

/** The same, with what the service consists of. */
export async function startService(
  settings: Settings,
  context?: Context,
): Promise<{ readonly service: Service; readonly token: string | undefined }> {
  const service = await openService(settings, context)
  const { tokens, factory, storage, now } = service
  if (factory !== undefined && settings.factory !== undefined) {
    // A database that was lost is made again before anything is decided by it.
    if (factory.isFresh) await factory.reindex(await storage.repositories())
    await factory.run(settings.factory)
  }
  // Made when nothing can fail any more: it is told once.
  const token = tokens.isEmpty
    ? (await tokens.create('admin', [{ project: '*', role: 'admin' }], { now: now() })).token
    : undefined
  return { service, token }
}

/**
 * Makes the database anew out of the registry, while no service uses it. Throws `bad-configuration` when one does, and what reading the
 * registry throws.
 */
export async function reindex(settings: Settings, context: Context): Promise<Reindexed> {
  const service = await openService({ ...settings, port: 0 }, context)
  try {
    if (service.factory === undefined)
      throw new TemperError('bad-configuration', 'A registry alone has no database')
    return await service.factory.reindex(await service.storage.repositories())
  } finally {
    await service.close()
  }
}
