import { type Kysely, sql } from 'kysely'
import type { Schema } from '../database/schema.ts'
import { TemperError } from '../temper.ts'
import { type OwnSigning, ownSigners } from './signing.ts'

/** Id of the key or identity that servers of this database sign with; undefined when none has started yet. */
export async function agreedKey(db: Kysely<Schema>): Promise<string | undefined> {
  const row = await db.selectFrom('signers').select('id').where('replaced', 'is', null).executeTakeFirst()
  return row?.id
}

/** Throws `bad-configuration`: this server has no key, and others have. */
export function demandKey(signing: OwnSigning | undefined, agreed: string | undefined): OwnSigning {
  if (signing !== undefined) return signing
  throw new TemperError(
    'bad-configuration',
    `This server has no signing key: expected ${agreed}, which the other servers of its database sign with, found none in its settings and its data folder`,
    { hint: remedy },
  )
}

const remedy =
  'Give all servers of a database the same key or identity: factory.key-file, factory.key-command or factory.keyless. Where another one shall ' +
  'sign, or a key is lost, name the public half of the key before in factory.earlier-key-files, or the identity before in ' +
  'factory.earlier-identities.'

/**
 * Makes sure that all servers of a database sign with one key or as one identity, or takes the place of one that this server knows as an
 * earlier one. Throws `bad-configuration` when another one signs.
 */
export async function agreeOnKey({
  db,
  signing,
  now,
}: {
  readonly db: Kysely<Schema>
  readonly signing: OwnSigning
  readonly now: () => Date
}): Promise<void> {
  const [own, ...before] = await ownSigners(signing)
  await db.transaction().execute(async (tx) => {
    // Two that start on an empty database at once see each other's.
    await sql`lock table signers in exclusive mode`.execute(tx)
    const agreed = await agreedKey(tx)
    if (agreed === own.id) return
    if (agreed !== undefined && !before.some(({ id }) => id === agreed))
      throw new TemperError(
        'bad-configuration',
        `This server signs with another key, or as another identity, than the other servers of its database: expected ${agreed}, found ${own.id}`,
        { hint: remedy },
      )
    const at = now()
    if (agreed !== undefined)
      await tx.updateTable('signers').set({ replaced: at }).where('id', '=', agreed).execute()
    const row = { id: own.id, since: at, replaced: null }
    await tx
      .insertInto('signers')
      .values(row)
      .onConflict((c) => c.column('id').doUpdateSet(row))
      .execute()
  })
}
