import type { Reindexed } from './factory/reindex.ts'
import { openService, type Service } from './service.ts'
import type { Settings } from './settings.ts'
import { type Context, TemperError } from './temper.ts'

/** A running service. */
export interface RunningServer {
  readonly url: string
  /** The first administrator's token, given only when a data folder is first used: it cannot be had again. */
  readonly token: string | undefined
  /** Accepts no more requests, and returns when the open ones have ended. */
  close(): Promise<void>
}

/**
 * Starts the service. `context` is the one that images are built and judged in: needed where there is a policy or a
 * factory. Throws `bad-configuration` and `unavailable` when the service cannot start.
 */
export async function serve(settings: Settings, context?: Context): Promise<RunningServer> {
  const { service, token } = await startService(settings, context)
  return { url: service.url, token, close: service.close }
}

/** The same, with the parts that the service consists of. */
export async function startService(
  settings: Settings,
  context?: Context,
): Promise<{ readonly service: Service; readonly token: string | undefined }> {
  const service = await openService(settings, context)
  const { tokens, factory, storage, now, startup } = service
  if (factory !== undefined && settings.factory !== undefined) {
    // A database that was lost, or not finished, is made again before anything is decided by it.
    if (!factory.isFilled)
      await startup.waitFor(
        'its database, which is made again from the registry',
        factory.reindex(await storage.repositories()),
      )
    await startup.waitFor('its recurring tasks', factory.run(settings.factory))
  }
  // Made when nothing can fail any more: it is told once.
  const token = (await tokens.isEmpty)
    ? (await tokens.create('admin', [{ project: '*', role: 'admin' }], { now: now() })).token
    : undefined
  await factory?.started()
  startup.end()
  return { service, token }
}

/**
 * Rebuilds the database from the registry, while no service uses it. Throws `bad-configuration` when one does, and
 * the errors of reading the registry.
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
