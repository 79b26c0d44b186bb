import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  certificate,
  extension,
  newKeyPair,
  pem,
  rootCertificate,
  usage,
} from '../../../temper/src/attest/fixtures/loopback/authority.ts'
import { der, sequence } from '../../../temper/src/attest/fixtures/loopback/der.ts'
import { certificates } from '../../../temper/src/cli/certificates.ts'
import { tryNpmTool } from '../../../temper/test/support/npm-tool.ts'
import { embeddedDialect } from '../../src/database/embedded/dialect.ts'
import { EmbeddedSession } from '../../src/database/embedded/session.ts'
import { migrate } from '../../src/database/migrate.ts'
import type { Schema } from '../../src/database/schema.ts'
import type { FactoryWorld } from '../../src/factory/world.ts'
import { type ChannelOf, channelSchema } from '../../src/telling/channel.ts'
import { type Delivery, PartlyTold } from '../../src/telling/delivery.ts'
import { sendMail } from '../../src/telling/email.ts'
import { send } from '../../src/telling/send.ts'
import { deliver, noteEvent } from '../../src/telling/tell.ts'
import { MailServer, type MailServerOptions } from './mail-server.ts'

/* Mail through a real server, as a company has one: TLS with an authority of its own, passwords, several people. */

const [start, end] = [new Date('2026-01-01T00:00:00Z'), new Date('2046-01-01T00:00:00Z')]
const keys = newKeyPair()
const authority = pem(rootCertificate('an authority', keys, start))

/** Certificate and key of a server of the authority. */
function identityOf(name: string, until = end): { readonly cert: string; readonly key: string } {
  const own = newKeyPair()
  const fields = { subject: name, issuer: 'an authority', key: own.publicKey, issuerKey: keys }
  const extensions = [usage.sign(), extension('2.5.29.17', sequence(der(0x82, Buffer.from(name))))]
  return {
    cert: pem(certificate({ ...fields, notBefore: start, notAfter: until, extensions })),
    key: own.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  }
}

const smtp = await tryNpmTool('smtp-server')
let folder = ''
let trust: Delivery['secureContextFor']
const servers: MailServer[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-mail-'))
  await writeFile(join(folder, 'authority.pem'), authority)
  await writeFile(join(folder, 'password'), 'open sesame\n')
  await writeFile(join(folder, 'wrong'), 'sesame\n')
  trust = certificates({ SSL_CERT_FILE: join(folder, 'authority.pem'), HOME: folder })
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

async function serverWith(options: Omit<MailServerOptions, 'module'>): Promise<MailServer> {
  const server = await MailServer.start({ module: smtp ?? '', ...options })
  servers.push(server)
  return server
}

const delivery = (more: Partial<Delivery> = {}): Delivery => ({
  id: 'a-b',
  at: start,
  now: start,
  opened: null,
  told: [],
  secureContextFor: trust,
  world: {} as never,
  event: { kind: 'late', image: 'shop', digest: null, text: 'three findings are late', details: {} },
  ...more,
})

const channel = (server: string, more: object = {}): ChannelOf<'email'> =>
  channelSchema.parse({
    kind: 'email',
    name: 'ours',
    server,
    from: 'temper@shop.example',
    to: ['ada@shop.example', 'bob@shop.example'],
    ...more,
  }) as ChannelOf<'email'>

const withPassword = () => ({ passwordFile: join(folder, 'password') })

describe.skipIf(smtp === undefined)('a mail', () => {
  it.each([
    ['by STARTTLS', 'smtp', false],
    ['by TLS from the start', 'smtps', true],
  ])('goes %s, with a password, to whom an own authority vouches for', async (_, scheme, secure) => {
    const server = await serverWith({ secure, identity: identityOf('localhost'), password: 'open sesame' })
    const address = `${scheme}://temper@localhost:${server.port}`
    await sendMail(channel(address, withPassword()), delivery())
    expect(server.mails).toMatchObject([
      {
        secure: true,
        user: 'temper',
        to: ['ada@shop.example', 'bob@shop.example'],
        text: expect.stringContaining('three findings are late'),
      },
    ])
    await expect(
      sendMail(channel(address, { passwordFile: join(folder, 'wrong') }), delivery()),
    ).rejects.toMatchObject({ code: 'bad-configuration', message: expect.stringContaining('not you') })
    expect(server.mails).toHaveLength(1)
  })

  it.each([
    ['of an unknown authority', () => identityOf('localhost'), undefined, 'self-signed|verify|issuer'],
    ['of another name', () => identityOf('mail.example'), 'ours', 'does not match|altnames'],
    ['that has expired', () => identityOf('localhost', new Date('2026-02-01T00:00:00Z')), 'ours', 'expired'],
  ])('is not sent to a server with a certificate %s', async (_, identity, known, why) => {
    for (const [scheme, secure] of [
      ['smtp', false],
      ['smtps', true],
    ] as const) {
      const server = await serverWith({ secure, identity: identity() })
      // Without a password, too: whoever answers in place of the server must not read it.
      const sending = sendMail(
        channel(`${scheme}://localhost:${server.port}`),
        delivery(known === undefined ? { secureContextFor: undefined } : {}),
      )
      await expect(sending).rejects.toMatchObject({
        code: 'bad-configuration',
        message: expect.stringMatching(
          new RegExp(`^localhost does not prove that it is localhost: .*(${why})`),
        ),
        hint: expect.stringContaining('SSL_CERT_FILE'),
      })
      expect(server.mails).toEqual([])
    }
  })

  it('is not sent without TLS when a password goes with it or the channel says so, and says what to write', async () => {
    const server = await serverWith({ disabled: ['STARTTLS'] })
    const plain = `smtp://temper@localhost:${server.port}`
    for (const more of [withPassword(), { requireTls: true }])
      await expect(sendMail(channel(plain, more), delivery())).rejects.toMatchObject({
        code: 'bad-configuration',
        message: 'localhost offers no TLS: nothing was sent to it',
      })
    await expect(sendMail(channel(plain.replace('smtp', 'smtps')), delivery())).rejects.toMatchObject({
      code: 'bad-configuration',
      hint: expect.stringContaining('smtp:// for one that offers STARTTLS'),
    })
    expect(server.mails).toEqual([])
    await sendMail(channel(plain), delivery())
    expect(server.mails).toMatchObject([{ secure: false }])
  })

  it('that is taken for one of two is sent again to the other alone', async () => {
    let status: number | undefined = 450
    const server = await serverWith({
      identity: identityOf('localhost'),
      refuses: (address) => (address.startsWith('bob') ? status : undefined),
    })
    const ours = channel(`smtp://localhost:${server.port}`)
    const later = await sendMail(ours, delivery()).catch((error: unknown) => error)
    expect(later).toBeInstanceOf(PartlyTold)
    expect(later).toMatchObject({
      code: 'network',
      told: ['ada@shop.example'],
      message: expect.stringMatching(/bob@shop\.example: .*450 come again .*taken for ada@shop\.example/),
    })
    status = 550
    const told = ['ada@shop.example']
    await expect(sendMail(ours, delivery({ told }))).rejects.toMatchObject({
      code: 'bad-configuration',
      message: expect.stringContaining('550 no such person'),
    })
    status = undefined
    await sendMail(ours, delivery({ told }))
    expect(server.mails.map(({ to }) => to)).toEqual([['ada@shop.example'], ['bob@shop.example']])
    const ids = server.mails.map(({ text }) => /^Message-ID: .*$/m.exec(text)?.[0])
    expect(ids).toEqual(['Message-ID: <a-b.ours@temper>', 'Message-ID: <a-b.ours@temper>'])
  })
})

describe.skipIf(smtp === undefined)('a mail of the factory', () => {
  it('that one of two got is noted so, and sent to the other at the next attempt', async () => {
    const session = await EmbeddedSession.open(join(folder, 'postgres'), { fresh: true })
    const db = new Kysely<Schema>({ dialect: embeddedDialect(session) })
    await migrate(db)
    let status: number | undefined = 451
    const server = await serverWith({
      identity: identityOf('localhost'),
      refuses: (address) => (address.startsWith('ada') ? status : undefined),
    })
    const channels = [channel(`smtp://localhost:${server.port}`)]
    const context = { secureContextFor: trust }
    const world = { db, channels, context, now: () => start } as unknown as FactoryWorld
    const event = { kind: 'late', image: 'shop', digest: null, text: 'late', details: {} } as const
    const { deliveries } = await noteEvent(db, world, event)
    const attempt = () =>
      deliver(world, {
        data: { delivery: deliveries[0] ?? '' },
        isLast: false,
        signal: new AbortController().signal,
      })
    const row = () =>
      db.selectFrom('deliveries').select(['state', 'attempts', 'error', 'opened']).executeTakeFirst()
    await expect(attempt()).rejects.toMatchObject({ code: 'network' })
    expect(await row()).toMatchObject({
      state: 'waiting',
      attempts: 1,
      error: expect.stringContaining('ada@shop.example'),
      opened: 'bob@shop.example',
    })
    await expect(attempt()).rejects.toMatchObject({ code: 'network' })
    status = undefined
    await attempt()
    expect(await row()).toEqual({ state: 'told', attempts: 3, error: null, opened: null })
    expect(server.mails.map(({ to }) => to)).toEqual([['bob@shop.example'], ['ada@shop.example']])
    await session.close()
  })
})

describe('a mail server that never comes to an end', () => {
  it.each([
    ['greeting', '', '220-not yet\r\n'],
    ['names of what it can do', '220 here\r\n', '250-NOTHING\r\n'],
    ['one line', '220 here\r\n', '2'],
  ])('of its %s is left in time, and hung up on', async (_, greeting, drop) => {
    const server = createSocketServer((socket) => {
      socket.on('error', () => undefined)
      socket.write(greeting)
      const again = setInterval(() => socket.write(drop), 20)
      socket.once('close', () => clearInterval(again))
    }).listen(0, '127.0.0.1')
    try {
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      const to = channel(`smtp://127.0.0.1:${port}`)
      await expect(sendMail(to, delivery(), { within: 300 })).rejects.toMatchObject({
        code: 'network',
        message: '127.0.0.1 did not take the mail within 0.3 s',
      })
    } finally {
      // Ends only when nobody is connected any more.
      server.close()
      await once(server, 'close')
    }
  })

  it('in no time fills no memory', async () => {
    const server = createSocketServer((socket) => {
      socket.on('error', () => undefined)
      socket.write('220 here\r\n')
      const line = '250-NOTHING\r\n'.repeat(1000)
      const more = () => {
        while (socket.write(line));
      }
      socket.on('drain', more)
      socket.once('data', more)
    }).listen(0, '127.0.0.1')
    try {
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      await expect(sendMail(channel(`smtp://127.0.0.1:${port}`), delivery())).rejects.toMatchObject({
        code: 'network',
        message: expect.stringContaining('response exceeds'),
      })
    } finally {
      server.close()
      await once(server, 'close')
    }
  })
})

describe('a request by TLS', () => {
  it('trusts whom the service trusts, and nobody else', async () => {
    const server = createServer(identityOf('localhost'), (_, response) => response.end('taken'))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const address = `https://localhost:${(server.address() as AddressInfo).port}/hook`
    try {
      await expect(send(address, { allowPrivate: true })).rejects.toMatchObject({
        code: 'bad-configuration',
        hint: expect.stringContaining('SSL_CERT_FILE'),
      })
      expect(await send(address, { allowPrivate: true, secureContextFor: trust })).toMatchObject({
        status: 200,
        text: 'taken',
      })
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })
})
