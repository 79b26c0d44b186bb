import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sampleContext } from '../../../temper/src/flows/fixtures/sample-context.ts'
import { Sessions } from '../../src/auth/oidc/session.ts'
import { TokenFile } from '../../src/auth/token-file.ts'
import { TokenTable } from '../../src/auth/token-table.ts'
import { embeddedDialect } from '../../src/database/embedded/dialect.ts'
import { EmbeddedSession } from '../../src/database/embedded/session.ts'
import { migrate, unknownMigration } from '../../src/database/migrate.ts'
import type { Schema } from '../../src/database/schema.ts'
import { agreedKey, agreeOnKey, demandKey } from '../../src/factory/key-agreement.ts'
import {
  type EarlierSigners,
  type OwnSigning,
  ownSigners,
  ownTrust,
  rotateKey,
  type SignerSettings,
  signingKey,
} from '../../src/factory/signing.ts'
import type { FactoryWorld } from '../../src/factory/world.ts'
import { adoptSent, atHand } from '../../src/recipes/at-hand.ts'
import { putRecipe } from '../../src/recipes/recipes.ts'
import {
  filesText,
  placeSent,
  recipeFolder,
  type SentRecipe,
  sentPath,
  writeSent,
} from '../../src/recipes/sent.ts'
import { isDue, noted } from '../../src/watch/looks.ts'

/* What servers of one database have in common, as one of them finds it. */

let folder = ''
let session: EmbeddedSession
let db: Kysely<Schema>
const now = () => new Date('2026-01-02T03:04:05Z')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-shared-'))
  session = await EmbeddedSession.open(join(folder, 'postgres'), { fresh: true })
  db = new Kysely<Schema>({ dialect: embeddedDialect(session) })
  await migrate(db)
})
beforeEach(async () => {
  for (const table of ['tokens', 'signers', 'recipes', 'looks'] as const) await db.deleteFrom(table).execute()
})
afterAll(async () => {
  await session.close()
  await rm(folder, { recursive: true, force: true })
})

const dataOf = (name: string) => mkdtemp(join(folder, `${name}-`))

describe('tokens of a database', () => {
  it('are known to each server, until one revokes them', async () => {
    const [first, second] = [await dataOf('a'), await dataOf('b')]
    const one = await TokenTable.open(db, join(first, 'tokens.json'))
    const other = await TokenTable.open(db, join(second, 'tokens.json'))
    expect(await one.isEmpty).toBe(true)
    const grants = [{ project: 'team', role: 'reader' }] as const
    const { token, record } = await one.create('me', grants, { now: now() })
    // It looked a moment ago, and looks again for what it does not know.
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(await other.find(token, now())).toEqual({ name: 'me', grants })
    expect(await other.list(now())).toEqual([record])
    expect(await other.revoke(record.id)).toBe(true)
    expect(await other.revoke(record.id)).toBe(false)
    expect(await other.find(token, now())).toBeUndefined()
    await new Promise((resolve) => setTimeout(resolve, 1050))
    expect(await one.find(token, now())).toBeUndefined()
  })

  it('begin with those of the folder, and lie there for backups', async () => {
    const path = join(await dataOf('c'), 'tokens.json')
    const file = await TokenFile.open(path)
    const grants = [{ project: '*', role: 'admin' }] as const
    const before = await file.create('before', grants, { now: now(), expires: new Date('2030-01-01') })
    const table = await TokenTable.open(db, path)
    expect(await table.find(before.token, now())).toMatchObject({ name: 'before' })
    const after = await table.create('after', grants, { now: now() })
    expect((await TokenFile.open(path)).find(after.token, now())).toMatchObject({ name: 'after' })
    // What is in the database is stronger than what a folder has.
    await (await TokenFile.open(join(await dataOf('d'), 'tokens.json'))).create('x', grants, { now: now() })
    await table.create('late', grants, { now: new Date('2030-01-02') })
    expect((await table.list(new Date('2030-01-02'))).map(({ name }) => name)).toEqual(['after', 'late'])
  })
})

describe('the key of a database', () => {
  it('is the first one, until a server knows it as an earlier one', async () => {
    const context = sampleContext(folder)
    const make = async (data: string) => {
      const signing = await signingKey(data, { mayMake: true }, context)
      return demandKey(signing, undefined)
    }
    const data = await dataOf('first')
    const signing = await make(data)
    await agreeOnKey({ db, signing, now })
    await agreeOnKey({ db, signing, now })
    const [{ id }] = await ownSigners(signing)
    expect(await agreedKey(db)).toBe(id)
    const other = await make(await dataOf('other'))
    const [{ id: otherId }] = await ownSigners(other)
    await expect(agreeOnKey({ db, signing: other, now })).rejects.toThrow(`expected ${id}, found ${otherId}`)
    const none = await signingKey(await dataOf('none'), { mayMake: false }, context)
    expect(() => demandKey(none, id)).toThrow(`expected ${id}`)
    // One that the settings name, with the one before.
    const earlier = { keyFiles: (await ownTrust(signing)).keys, identities: [] }
    const choice = { mayMake: false, given: { key: other.key }, earlier }
    const third = await signingKey(await dataOf('given'), choice, context)
    await agreeOnKey({ db, signing: demandKey(third, id), now })
    expect(await agreedKey(db)).toBe(otherId)
    await expect(agreeOnKey({ db, signing, now })).rejects.toThrow(`expected ${otherId}, found ${id}`)
    expect((await ownSigners(demandKey(third, id))).map((each) => each.id)).toEqual([otherId, id])
  })

  it('may be an identity, in place of a key and of another identity, and a key again', async () => {
    const context = sampleContext(folder)
    const tokenFile = join(folder, 'token')
    await writeFile(tokenFile, 'x.y.z\n')
    const signerAs = async (identity: string, earlier: EarlierSigners = { keyFiles: [], identities: [] }) => {
      const given = { signer: { identity, issuer: 'https://ci.example' }, tokenFile, addresses: {} }
      const choice = { mayMake: false, given, earlier }
      return demandKey(await signingKey(await dataOf(identity), choice, context), undefined)
    }
    const agree = (signing: OwnSigning) => agreeOnKey({ db, signing, now })
    const data = await dataOf('before')
    const before = demandKey(await signingKey(data, { mayMake: true }, context), undefined)
    await agree(before)
    const [{ id }] = await ownSigners(before)
    const me = 'me (https://ci.example)'
    await expect(agree(await signerAs('me'))).rejects.toThrow(`expected ${id}, found ${me}`)
    const { keys: keyFiles } = await ownTrust(before)
    await agree(await signerAs('me', { keyFiles, identities: [] }))
    expect(await agreedKey(db)).toBe(me)
    // Another server of the same identity, which need not know what was before.
    await agree(await signerAs('me'))
    await expect(agree(await signerAs('you'))).rejects.toThrow(
      `expected ${me}, found you (https://ci.example)`,
    )
    await expect(agree(before)).rejects.toThrow(`expected ${me}, found ${id}`)
    const [elsewhere, mine] = ['https://other.example', 'https://ci.example'].map((issuer) => ({
      keyFiles: [],
      identities: [{ identity: 'me', issuer }],
    }))
    // The same name of another provider is somebody else.
    await expect(agree(await signerAs('you', elsewhere))).rejects.toThrow(/expected me/)
    const you = await signerAs('you', mine)
    await agree(you)
    expect((await ownSigners(you)).map((each) => each.id)).toEqual(['you (https://ci.example)', me])
    const identities = [{ identity: 'you', issuer: 'https://ci.example' }]
    const again = await signingKey(data, { mayMake: false, earlier: { keyFiles: [], identities } }, context)
    await agree(demandKey(again, undefined))
    expect(await agreedKey(db)).toBe(id)
    expect(await ownTrust(demandKey(again, undefined))).toEqual({ keys: keyFiles, identities })
  })

  it('is not taken from files that are missing, or that are none', async () => {
    const context = sampleContext(folder)
    const [tokenFile, broken] = [join(folder, 'no-token'), join(folder, 'broken')]
    const given = { signer: { identity: 'me', issuer: 'https://ci.example' }, tokenFile, addresses: {} }
    const open = async (more: Partial<SignerSettings> = {}) =>
      await signingKey(await dataOf('wrong'), { mayMake: true, given, ...more }, context)
    await expect(open()).rejects.toMatchObject({
      code: 'bad-configuration',
      message: `factory.keyless.identity-token-file: The file with the identity token, ${tokenFile}, cannot be read: ENOENT`,
    })
    await writeFile(tokenFile, ' \n')
    await expect(open()).rejects.toThrow(/is empty/)
    await writeFile(tokenFile, 'x'.repeat(65_537))
    await expect(open()).rejects.toThrow(/expected at most 65536 bytes, found 65537/)
    await writeFile(tokenFile, 'x.y.z')
    await writeFile(broken, '{}')
    const rootOf = (name: string, bytes?: Buffer) => ({ name, read: async () => bytes })
    await expect(open({ trustedRoot: rootOf('gone.json') })).rejects.toThrow(/no trusted root gone\.json/)
    await expect(open({ trustedRoot: rootOf('it.json', Buffer.from('{')) })).rejects.toThrow(/it\.json/)
    const earlier = (file: string) => ({ earlier: { keyFiles: [file], identities: [] } })
    await expect(open(earlier(join(folder, 'gone.pub')))).rejects.toThrow(/no key file .*gone\.pub/)
    await expect(open(earlier(broken))).rejects.toThrow(/broken/)
    // Who put the token itself in place of its file does not read it in a log.
    const secret = { ...given, tokenFile: join(folder, 'eyJsecret') }
    await expect(open({ given: secret })).rejects.toThrow(/^(?!.*eyJsecret).*looks like a token/)
  })

  it('follows a rotation', async () => {
    const context = sampleContext(folder)
    const data = await dataOf('rotating')
    const signing = demandKey(await signingKey(data, { mayMake: true }, context), undefined)
    await agreeOnKey({ db, signing, now })
    const before = await agreedKey(db)
    await rotateKey({ data, signing, context, now })
    await agreeOnKey({ db, signing, now })
    expect(await agreedKey(db)).not.toBe(before)
    expect(await db.selectFrom('signers').select('id').where('replaced', 'is not', null).execute()).toEqual([
      { id: before },
    ])
  })
})

describe('recipes of a database', () => {
  const world = (data: string, recipes?: string) =>
    ({ db, data, now, ...(recipes === undefined ? {} : { recipes }) }) as unknown as FactoryWorld
  const sent: SentRecipe = { name: 'shop', text: 'name: shop\n', files: { 'key.asc': 'a key\0', b: 'b' } }
  const put = (data: string, { name, text, files } = sent) =>
    putRecipe(world(data), { name, text, source: 'api', path: sentPath(data, name), files: filesText(files) })
  const rowOf = (name: string) =>
    db.selectFrom('recipes').selectAll().where('name', '=', name).executeTakeFirstOrThrow()
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    )

  it('that came by one server are written by another, with their files and what they extend', async () => {
    const [first, second] = [await dataOf('e'), await dataOf('f')]
    expect(await put(first)).toBe(true)
    const above = { name: 'stall', text: 'name: stall\nextends: shop\n', files: {} }
    expect(await put(first, above)).toBe(true)
    const here = await atHand(world(second), await rowOf('stall'), { patience: 0 })
    expect(await readFile(here.path, 'utf8')).toBe(above.text)
    const place = join(recipeFolder(second), 'catalog/shop')
    expect(await readFile(join(place, 'recipe.yaml'), 'utf8')).toBe(sent.text)
    expect(await readFile(join(place, 'key.asc'), 'utf8')).toBe('a key\0')
    // What is no longer beside it is gone.
    expect(await put(first, { ...sent, files: { b: 'c' } })).toBe(true)
    await writeSent(world(second), 'shop')
    expect(await isThere(join(place, 'key.asc'))).toBe(false)
    expect(await readFile(join(place, 'b'), 'utf8')).toBe('c')
  })

  it('are new to one server when two see them at once', async () => {
    const data = await dataOf('g')
    const seen = await Promise.all([put(data), put(data), put(data)])
    expect(seen.filter(Boolean)).toHaveLength(1)
    expect(await put(data)).toBe(false)
  })

  it('of a folder are the same wherever it is mounted, and built as they were read', async () => {
    const [one, other] = [await dataOf('mount'), await dataOf('elsewhere')]
    for (const at of [one, other]) await writeFile(join(at, 'web.yaml'), 'name: web\n')
    const read = (at: string, text = 'name: web\n') =>
      putRecipe(world(folder, at), {
        name: 'web',
        text,
        source: 'folder',
        path: join(at, 'web.yaml'),
        beside: 'x',
      })
    expect([await read(one), await read(other)]).toEqual([true, false])
    const here = await atHand(world(folder, other), await rowOf('web'), { patience: 0 })
    expect(here.path).toBe(join(other, 'web.yaml'))
    expect(await read(one, 'name: web\n# later\n')).toBe(true)
    await expect(atHand(world(folder, other), await rowOf('web'), { patience: 0 })).rejects.toThrow(
      /expected the text in the database, found another text/,
    )
    await rm(join(other, 'web.yaml'))
    await expect(atHand(world(folder, other), await rowOf('web'), { patience: 0 })).rejects.toThrow(
      /found no file/,
    )
  })

  it('of the version before are taken over as they lie in the folder', async () => {
    const data = await dataOf('h')
    await placeSent(recipeFolder(data), sent)
    await db
      .insertInto('recipes')
      .values({
        name: 'shop',
        text: sent.text,
        source: 'api',
        path: 'x',
        below: null,
        files: null,
        extends: null,
        updated: now(),
        checked: null,
        removed: false,
        beside: null,
      })
      .execute()
    // Another server has not got it.
    const elsewhere = await dataOf('i')
    await expect(atHand(world(elsewhere), await rowOf('shop'), { patience: 0 })).rejects.toThrow(
      /sent to a server of an earlier version/,
    )
    await adoptSent(world(data))
    expect(await put(data)).toBe(false)
    await atHand(world(elsewhere), await rowOf('shop'), { patience: 0 })
    expect(await isThere(sentPath(elsewhere, 'shop'))).toBe(true)
  })
})

describe('what servers of a database see of each other', () => {
  it('is when one looked last', async () => {
    const minute = 60_000
    expect(await isDue({ db, now }, 'watch', minute)).toBe(true)
    await noted({ db, now }, 'watch', async () => undefined)
    const after = (seconds: number) => () => new Date(now().getTime() + seconds * 1000)
    expect(await isDue({ db, now: after(30) }, 'watch', minute)).toBe(false)
    expect(await isDue({ db, now: after(58) }, 'watch', minute)).toBe(true)
  })

  it('is a migration that the newer one made', async () => {
    expect(await unknownMigration(db)).toBeUndefined()
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', 'x')`.execute(db)
    expect(await unknownMigration(db)).toBe('9999-later')
    await sql`delete from kysely_migration where name = '9999-later'`.execute(db)
  })

  it('is a session that the other one sealed, where both have one key', async () => {
    const place = await dataOf('sessions')
    await mkdir(place, { recursive: true })
    const path = join(place, 'sessions.key')
    await writeFile(path, 'x'.repeat(31))
    await expect(Sessions.given(path, now)).rejects.toThrow(/expected 32 bytes or more, found 31/)
    await expect(Sessions.given(`${path}.none`, now)).rejects.toThrow(/cannot be read/)
    await writeFile(path, 'x'.repeat(40))
    const session = { issuer: 'https://id.example', claims: { sub: 'me' } }
    const sealed = await (await Sessions.given(path, now)).sealSession(session)
    expect(await (await Sessions.given(path, now)).openSession(sealed)).toEqual(session)
    const own = await Sessions.open(join(place, 'own.key'), now)
    expect(await own.openSession(sealed)).toBeUndefined()
  })
})
