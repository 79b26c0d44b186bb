import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Schema } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'
import type { RunningJob } from '../jobs/jobs.ts'
import { TemperError } from '../temper.ts'
import { type Channel, wants } from './channel.ts'
import { type Delivery, PartlyTold } from './delivery.ts'
import type { FactoryEvent } from './event.ts'

/** Records an event, and has it sent to the channels that want it. A failure to do so must not undo what happened. */
export async function tell(world: FactoryWorld, event: FactoryEvent): Promise<void> {
  try {
    await sendNoted(world, await world.db.transaction().execute((tx) => noteEvent(tx, world, event)))
  } catch (error) {
    world.log.error({ err: error, event }, 'an event could not be recorded')
  }
}

/** Events that were recorded and are not being sent yet. */
export interface Noted {
  /** Deliveries, by their ids. */
  readonly deliveries: readonly string[]
}

/**
 * Records an event together with the change that it is about, in one transaction: either both are written or neither
 * is. Afterwards `sendNoted` has it sent; if the process ends before, the next one does so.
 */
export async function noteEvent(
  db: Kysely<Schema>,
  { now, channels }: Pick<FactoryWorld, 'now' | 'channels'>,
  event: FactoryEvent,
): Promise<Noted> {
  const id = randomUUID()
  await db
    .insertInto('events')
    .values({ id, at: now(), ...event, details: JSON.stringify(event.details) })
    .execute()
  const rows = channels
    .filter((each) => wants(each, event))
    .map(({ name }) => ({
      id: randomUUID(),
      event: id,
      channel: name,
      state: 'waiting' as const,
      attempts: 0,
      error: null,
      opened: null,
      ended: null,
    }))
  if (rows.length > 0) await db.insertInto('deliveries').values(rows).execute()
  return { deliveries: rows.map((row) => row.id) }
}

/** Has recorded events sent. Whatever cannot be queued now is queued by the next process. */
export async function sendNoted(
  { jobs, log }: Pick<FactoryWorld, 'jobs' | 'log'>,
  { deliveries }: Noted,
): Promise<void> {
  try {
    for (const id of deliveries) await jobs.add('tell', { delivery: id }, { id })
  } catch (error) {
    log.error({ err: error, deliveries }, 'recorded events wait to be sent')
  }
}

/** Has events sent that an earlier process recorded before it ended. */
export async function takeUpDeliveries(world: Pick<FactoryWorld, 'db' | 'jobs' | 'log'>): Promise<void> {
  const rows = await world.db.selectFrom('deliveries').select('id').where('state', '=', 'waiting').execute()
  await sendNoted(world, { deliveries: rows.map(({ id }) => id) })
}

/** Sends one event to one channel. Failures that may pass are thrown, and tried again. */
export async function deliver(
  world: FactoryWorld,
  { data, isLast }: RunningJob<{ readonly delivery: string }>,
): Promise<void> {
  const { db, now, channels } = world
  const row = await db
    .selectFrom('deliveries')
    .innerJoin('events', 'events.id', 'deliveries.event')
    .selectAll('events')
    .select(['deliveries.channel', 'deliveries.state', 'deliveries.attempts', 'deliveries.opened'])
    .where('deliveries.id', '=', data.delivery)
    .executeTakeFirst()
  if (row === undefined || row.state === 'told' || row.state === 'failed') return
  const channel = channels.find(({ name }) => name === row.channel)
  const attempts = row.attempts + 1
  const end = (change: {
    readonly state: 'told' | 'failed' | 'waiting'
    readonly error: string | null
    readonly opened?: string | null
  }) =>
    db
      .updateTable('deliveries')
      .set({ ...change, attempts, ended: change.state === 'waiting' ? null : now() })
      .where('id', '=', data.delivery)
      .execute()
  if (channel === undefined) return void (await end({ state: 'failed', error: 'the channel is gone' }))
  try {
    const opened = await openedBefore(world, { channel: channel.name, kind: row.kind, image: row.image })
    const { kind, image, digest, text, details, at } = row
    const event = { kind, image, digest, text, details }
    const told = channel.kind === 'email' ? toldOf(row.opened) : []
    const { secureContextFor } = world.context
    const common = { id: row.id, event, at, now: now(), told, secureContextFor }
    const number = await through(channel, { ...common, opened, world })
    await end({ state: 'told', error: null, opened: number })
  } catch (error) {
    const final = error instanceof TemperError && error.code !== 'network'
    await end({
      state: final || isLast ? 'failed' : 'waiting',
      error: (error as Error).message.slice(0, 1000),
      ...(error instanceof PartlyTold ? { opened: error.told.join('\n') } : {}),
    })
    if (!final) throw error
  }
}

/** Who was told already, an address a line, as a delivery notes it while others have not been. */
function toldOf(noted: string | null): readonly string[] {
  return noted === null ? [] : noted.split('\n')
}

/** What a channel opened for the same image and kind the last time. */
async function openedBefore(
  { db }: FactoryWorld,
  {
    channel,
    kind,
    image,
  }: { readonly channel: string; readonly kind: string; readonly image: string | null },
): Promise<string | null> {
  const row = await db
    .selectFrom('deliveries')
    .innerJoin('events', 'events.id', 'deliveries.event')
    .select('deliveries.opened')
    .where('deliveries.channel', '=', channel)
    .where('events.kind', '=', kind as FactoryEvent['kind'])
    .where('events.image', image === null ? 'is' : '=', image)
    .where('deliveries.opened', 'is not', null)
    .orderBy('events.at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.opened ?? null
}

/** Each kind is loaded when it is needed. */
async function through(channel: Channel, delivery: Delivery): Promise<string | null> {
  switch (channel.kind) {
    case 'webhook':
      await (await import('./webhook.ts')).postWebhook(channel, delivery)
      return null
    case 'slack':
      await (await import('./webhook.ts')).postSlack(channel, delivery)
      return null
    case 'email':
      await (await import('./email.ts')).sendMail(channel, delivery)
      return null
    case 'dependency-track':
      await (await import('./dependency-track.ts')).uploadBom(channel, delivery)
      return null
    case 'github':
    case 'gitlab': {
      const { proposeLock, tellForge } = await import('./forge.ts')
      return channel.opens === 'merge-requests'
        ? await proposeLock(channel, delivery)
        : await tellForge(channel, delivery)
    }
  }
}
