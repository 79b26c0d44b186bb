import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isPublicAddress } from '../../src/public-address.ts'
import { type Channel, type ChannelOf, channelSchema, wants } from '../../src/telling/channel.ts'
import type { Delivery } from '../../src/telling/delivery.ts'
import { sendMail } from '../../src/telling/email.ts'
import { proposeLock, tellForge } from '../../src/telling/forge.ts'
import { send } from '../../src/telling/send.ts'
import { postSlack, postWebhook } from '../../src/telling/webhook.ts'

/* What is sent to whom, over loopback: receivers as they are, and as they fail. */

interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

let folder = ''
let address = ''
let port = 0
const servers: { close(done?: () => void): unknown }[] = []
const seen: Seen[] = []
let answers: Record<string, readonly [status: number, value: unknown]> = {}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-telling-'))
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      seen.push({ method, path, headers, body })
      const [status, value] = answers[`${method} ${path}`] ?? [404, { message: 'Not Found' }]
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
    })
  })
  port = await listening(server)
  address = `http://127.0.0.1:${port}`
  await writeFile(join(folder, 'secret'), 'whsec_c2VjcmV0\n')
  await writeFile(join(folder, 'token'), 'token-of-ours\n')
})
afterAll(async () => {
  for (const server of servers) server.close()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => {
  seen.length = 0
  answers = {}
})

function listening(server: Server): Promise<number> {
  servers.push(server)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

const at = new Date('2026-11-30T08:00:00Z')
const digest = `sha256:${'a'.repeat(64)}`
const delivery = (more: Partial<Delivery['event']> = {}, opened: string | null = null): Delivery => ({
  id: 'a-b',
  at,
  now: new Date('2026-11-30T08:00:07Z'),
  opened,
  told: [],
  secureContextFor: undefined,
  world: {} as never,
  event: {
    kind: 'failed',
    image: 'shop',
    digest,
    text: 'the build <failed> & ended',
    details: { build: '1' },
    ...more,
  },
})
const channel = <K extends Channel['kind']>(kind: K, more: object = {}): ChannelOf<K> =>
  channelSchema.parse({ kind, name: 'ours', allowPrivate: true, ...more }) as ChannelOf<K>

describe('a webhook', () => {
  const hook = (more: object = {}) =>
    channel('webhook', { address: `${address}/hook`, secretFile: join(folder, 'secret'), ...more })

  it('is signed as its receiver can check', async () => {
    answers = { 'POST /hook': [200, {}] }
    await postWebhook(hook(), delivery())
    const [{ headers, body } = { headers: {}, body: '' }] = seen
    const signature = createHmac('sha256', 'secret').update(`a-b.1796025607.${body}`).digest('base64')
    expect(headers).toMatchObject({
      'webhook-id': 'a-b',
      'webhook-timestamp': '1796025607',
      'webhook-signature': `v1,${signature}`,
    })
    expect(JSON.parse(body)).toEqual({
      type: 'failed',
      timestamp: '2026-11-30T08:00:00.000Z',
      data: { image: 'shop', digest, text: 'the build <failed> & ended', build: '1' },
    })
  })

  it.each([
    [503, 'network'],
    [429, 'network'],
    [404, 'bad-configuration'],
    [302, 'bad-configuration'],
  ])('that answers %i is sent again only where that may help', async (status, code) => {
    answers = { 'POST /hook': [status, {}] }
    await expect(postWebhook(hook(), delivery())).rejects.toMatchObject({ code })
  })

  it.each([
    ['says a little again and again', 'HTTP/1.1 200 OK\r\n\r\n'],
    ['never ends its headers', 'HTTP/1.1 200 OK\r\n'],
  ])('is given up that %s', async (_, head) => {
    const server = createSocketServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.write(head))
      const again = setInterval(() => socket.write('a: b\r\n'), 20)
      socket.once('close', () => clearInterval(again))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const { port: there } = server.address() as AddressInfo
      const sent = send(`http://127.0.0.1:${there}/`, { allowPrivate: true, within: 300 })
      await expect(sent).rejects.toMatchObject({ code: 'network' })
    } finally {
      server.close()
    }
  })

  it('reaches no private network unless it may, by whatever name', async () => {
    answers = { 'POST /hook': [200, {}] }
    for (const host of [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '2130706433',
      '0x7f.1',
      '0.0.0.0',
    ])
      await expect(send(`http://${host}:${port}/hook`, { allowPrivate: false }), host).rejects.toMatchObject({
        code: 'bad-configuration',
      })
    expect(seen).toEqual([])
    expect(
      [
        '8.8.8.8',
        '2606:4700::1111',
        '10.1.2.3',
        '169.254.169.254',
        'fd00::1',
        '::ffff:10.0.0.1',
        '64:ff9b::a00:1',
        'x',
      ].map(isPublicAddress),
    ).toEqual([true, true, false, false, false, false, false, false])
  })
})

describe('a channel', () => {
  it('gets what it asked for', () => {
    const some = channel('webhook', { address, secretFile: 'x', events: ['late'], projects: ['shop'] })
    const asked = (kind: 'late' | 'failed', image: string | null) => wants(some, { kind, image })
    expect([
      asked('late', 'shop'),
      asked('late', 'shop/web'),
      asked('late', null),
      asked('late', 'shopping'),
      asked('failed', 'shop'),
    ]).toEqual([...[true, true, true, false, false]])
  })

  it('of text is told without markup of others', async () => {
    await writeFile(join(folder, 'address'), `${address}/slack`)
    answers = { 'POST /slack': [200, {}] }
    await postSlack(channel('slack', { addressFile: join(folder, 'address') }), delivery())
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ text: '*shop*: the build &lt;failed&gt; &amp; ended' })
  })

  it('of mail gets one', async () => {
    const answerTo = (line: string) => {
      if (line.startsWith('QUIT')) return '221 bye\r\n'
      if (line === 'STARTTLS') return '502 not here\r\n'
      return line.includes('nobody@') ? '550 no such person\r\n' : '250 fine\r\n'
    }
    const mails: string[] = []
    const smtp = createSocketServer((socket) => {
      let [inData, text] = [false, '']
      socket.write('220 ready\r\n')
      socket.on('data', (chunk) => {
        for (const line of chunk.toString().split('\r\n').slice(0, -1)) {
          if (inData && line === '.') {
            inData = false
            mails.push(text)
            socket.write('250 taken\r\n')
          } else if (inData) text += `${line}\n`
          else if (line === 'DATA') {
            inData = true
            socket.write('354 go on\r\n')
          } else socket.write(answerTo(line))
        }
      })
    })
    const server = `smtp://127.0.0.1:${await listening(smtp)}`
    const withPassword = { passwordFile: join(folder, 'token') }
    await expect(
      sendMail(
        channel('email', { server, from: 'a@b.example', to: ['c@d.example'], ...withPassword }),
        delivery(),
      ),
    ).rejects.toThrow('offers no TLS')
    await sendMail(
      channel('email', { server, from: 'temper@shop.example', to: ['team@shop.example'] }),
      delivery(),
    )
    await expect(
      sendMail(channel('email', { server, from: 'a@b.example', to: ['nobody@shop.example'] }), delivery()),
    ).rejects.toMatchObject({ code: 'bad-configuration', message: expect.stringContaining('no such person') })
    expect(mails).toHaveLength(1)
    const [head = '', body = ''] = (mails[0] ?? '').split('\n\n')
    expect(head).toContain('Subject: shop: failed\n')
    expect(head).toContain('Auto-Submitted: auto-generated\n')
    expect(body).toContain('the build <failed> & ended')
    expect(mails[0]).toContain('Message-ID: <a-b.ours@temper>')
  })
})

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])

/**
 * What the published descriptions ask of the bodies of requests (GitHub's OpenAPI of 2026, GitLab's pages): with a star what has to be
 * there.
 */
const described: readonly (readonly [RegExp, string])[] = [
  [/^POST \/repos\/[^/]+\/[^/]+\/issues$/, 'title* body assignees labels milestone type'],
  [/^POST \/repos\/.*\/issues\/\d+\/comments$/, 'body*'],
  [/^POST \/repos\/.*\/git\/refs$/, 'ref* sha*'],
  [/^PATCH \/repos\/.*\/git\/refs\/heads\/.+$/, 'sha* force'],
  [/^PUT \/repos\/.*\/contents\/.+$/, 'message* content* sha branch committer author'],
  [/^POST \/repos\/.*\/pulls$/, 'head* base* title body draft head_repo issue maintainer_can_modify'],
  [/^POST \/projects\/[^/]+\/issues$/, 'title* description labels'],
  [/^POST \/projects\/[^/]+\/issues\/\d+\/notes$/, 'body*'],
  [/^POST \/projects\/[^/]+\/repository\/commits$/, 'branch* commit_message* actions* start_branch force'],
  [
    /^POST \/projects\/[^/]+\/merge_requests$/,
    'source_branch* target_branch* title* description remove_source_branch',
  ],
]

function expectDescribed(): void {
  for (const { method, path, body } of seen.filter((each) => each.method !== 'GET')) {
    const fields = described.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1].split(' ')
    expect([method, path, fields === undefined]).toEqual([method, path, false])
    const sent = Object.keys(JSON.parse(body))
    const known = fields?.map((each) => each.replace('*', '')) ?? []
    expect(sent.filter((each) => !known.includes(each))).toEqual([])
    expect(sent).toEqual(
      expect.arrayContaining(fields?.flatMap((each) => (each.endsWith('*') ? each.slice(0, -1) : [])) ?? []),
    )
  }
}

describe('a forge', () => {
  afterEach(expectDescribed)
  const forge = (kind: 'github' | 'gitlab', more: object = {}) =>
    channel(kind, { address, tokenFile: join(folder, 'token'), repository: 'team/recipes', ...more })
  const paths = () => seen.map(({ method, path }) => `${method} ${path}`)

  it('of GitHub’s kind gets an issue, and more of the same where it is open', async () => {
    answers = {
      'POST /repos/team/recipes/issues': [201, { number: 7 }],
      'GET /repos/team/recipes/issues/7': [200, { state: 'open' }],
      'POST /repos/team/recipes/issues/7/comments': [201, {}],
    }
    expect(await tellForge(forge('github'), delivery())).toBe('7')
    expect(seen[0]?.headers.authorization).toBe('Bearer token-of-ours')
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({ title: 'shop: failed' })
    expect(await tellForge(forge('github'), delivery({}, '7'))).toBe('7')
    answers['GET /repos/team/recipes/issues/7'] = [200, { state: 'closed' }]
    answers['POST /repos/team/recipes/issues'] = [201, { number: 8 }]
    expect(await tellForge(forge('github'), delivery({}, '7'))).toBe('8')
  })

  it('of GitLab’s kind too', async () => {
    answers = {
      'POST /projects/team%2Frecipes/issues': [201, { iid: 3 }],
      'GET /projects/team%2Frecipes/issues/3': [200, { state: 'opened' }],
      'POST /projects/team%2Frecipes/issues/3/notes': [201, {}],
    }
    expect(await tellForge(forge('gitlab'), delivery())).toBe('3')
    expect(seen[0]?.headers['private-token']).toBe('token-of-ours')
    expect(await tellForge(forge('gitlab'), delivery({}, '3'))).toBe('3')
  })

  it.each<[string, unknown, string, RegExp]>([
    ['names no issue', {}, 'network', /the answer of GitHub: number: /],
    ['is a list', [], 'network', /the answer of GitHub: all of it: /],
    ['is nested deeper than any', nested(70), 'limit-exceeded', /the answer of GitHub: nested deeper/],
  ])('that answers with what %s is told of', async (_, value, code, message) => {
    answers = { 'POST /repos/team/recipes/issues': [201, value] }
    await expect(tellForge(forge('github'), delivery())).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  const lock = delivery({ kind: 'lock', text: 'rebuilt because', details: { lock: '{"lock":1}' } })

  it('of GitHub’s kind is proposed a lock, and the proposal that is there is changed', async () => {
    answers = {
      'GET /repos/team/recipes/git/ref/heads/main': [200, { object: { sha: 'abc' } }],
      'POST /repos/team/recipes/git/refs': [201, {}],
      'PUT /repos/team/recipes/contents/locks/shop.lock.json': [201, {}],
      'POST /repos/team/recipes/pulls': [201, { number: 11 }],
    }
    const github = forge('github', { opens: 'merge-requests', lockPath: 'locks/{image}.lock.json' })
    expect(await proposeLock(github, lock)).toBe('11')
    const put = seen.find(({ method }) => method === 'PUT')
    expect(Buffer.from(JSON.parse(put?.body ?? '').content, 'base64').toString()).toBe('{"lock":1}')
    answers['POST /repos/team/recipes/git/refs'] = [422, {}]
    answers['GET /repos/team/recipes/contents/locks/shop.lock.json?ref=temper%2Fshop'] = [200, { sha: 'def' }]
    const pulls = 'GET /repos/team/recipes/pulls?head=team%3Atemper%2Fshop&base=main'
    answers[pulls] = [200, [{ number: 11 }]]
    seen.length = 0
    expect(await proposeLock(github, lock)).toBe('11')
    expect(JSON.parse(seen.findLast(({ method }) => method === 'PUT')?.body ?? '').sha).toBe('def')
    expect(seen.filter(({ method }) => ['POST', 'PATCH'].includes(method))).toHaveLength(1)
    // It was merged, and its branch left behind.
    answers[pulls] = [200, []]
    answers['PATCH /repos/team/recipes/git/refs/heads/temper/shop'] = [200, {}]
    answers['POST /repos/team/recipes/pulls'] = [201, { number: 12 }]
    seen.length = 0
    expect(await proposeLock(github, lock)).toBe('12')
    expect(
      paths()
        .slice(-4)
        .map((each) => each.split(' ', 1)[0]),
    ).toEqual(['PATCH', 'GET', 'PUT', 'POST'])
    // Refused for whatever else, it is not told as proposed.
    answers['POST /repos/team/recipes/pulls'] = [422, { message: 'Validation Failed' }]
    await expect(proposeLock(github, lock)).rejects.toThrow('GitHub answered 422')
  })

  it('of GitLab’s kind too, in one commit', async () => {
    answers = {
      'GET /projects/team%2Frecipes/repository/files/shop%2Frecipe.lock.json?ref=main': [200, {}],
      'POST /projects/team%2Frecipes/repository/commits': [201, {}],
      'POST /projects/team%2Frecipes/merge_requests': [201, { iid: 5 }],
    }
    expect(await proposeLock(forge('gitlab', { opens: 'merge-requests' }), lock)).toBe('5')
    expect(JSON.parse(seen[1]?.body ?? '')).toMatchObject({
      actions: [{ action: 'update', content: '{"lock":1}' }],
    })
    answers['POST /projects/team%2Frecipes/merge_requests'] = [409, {}]
    answers['GET /projects/team%2Frecipes/merge_requests?state=opened&source_branch=temper%2Fshop'] = [
      200,
      [{ iid: 5 }],
    ]
    expect(await proposeLock(forge('gitlab', { opens: 'merge-requests' }), lock)).toBe('5')
    expect(paths()).toHaveLength(7)
    answers['GET /projects/team%2Frecipes/merge_requests?state=opened&source_branch=temper%2Fshop'] = [
      200,
      [],
    ]
    await expect(proposeLock(forge('gitlab', { opens: 'merge-requests' }), lock)).rejects.toThrow(
      'answered 409',
    )
  })
})
