import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tryNpmTool } from '../../../temper/test/support/npm-tool.ts'
import { type ChannelOf, channelSchema } from '../../src/telling/channel.ts'
import type { Delivery } from '../../src/telling/delivery.ts'
import { proposeLock, tellForge } from '../../src/telling/forge.ts'

/* What a GitLab is sent, beside what a client of GitLab's whole API sends for the same. */

const gitbeaker = await tryNpmTool('@gitbeaker/rest')

interface Sent {
  readonly method: string
  readonly path: string
  readonly token: string | undefined
  readonly body: unknown
}

/** As much of the client as is used here. */
interface Client {
  readonly Issues: {
    create(project: string, title: string, options: object): Promise<unknown>
    show(issue: number, options: object): Promise<unknown>
  }
  readonly IssueNotes: { create(project: string, issue: number, body: string): Promise<unknown> }
  readonly RepositoryFiles: { show(project: string, path: string, ref: string): Promise<unknown> }
  readonly Commits: {
    create(
      project: string,
      branch: string,
      message: string,
      actions: readonly object[],
      options: object,
    ): Promise<unknown>
  }
  readonly MergeRequests: {
    create(project: string, source: string, target: string, title: string, options: object): Promise<unknown>
    all(options: object): Promise<unknown>
  }
}

const project = 'team/sub.group/recipes'
const digest = `sha256:${'a'.repeat(64)}`
const text = 'rebuilt because openssl 3.5.1 fixes CVE-2026-1000, high'

describe.skipIf(gitbeaker === undefined)('what a GitLab is sent', () => {
  let folder: string
  let server: Server
  let client: Client
  let address: string
  let answer: (method: string, path: string) => readonly [status: number, value: unknown]
  const sent: Sent[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'temper-gitlab-'))
    await writeFile(join(folder, 'token'), 'token-of-ours\n')
    server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString()
      })
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request
        const token = headers['private-token']?.toString()
        sent.push({ method, path, token, body: body === '' ? undefined : JSON.parse(body) })
        const [status, value] = answer(method, path)
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
      })
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { Gitlab } = (await import(pathToFileURL(join(gitbeaker ?? '', 'dist/index.mjs')).href)) as {
      readonly Gitlab: new (options: object) => Client
    }
    client = new Gitlab({ host: address, token: 'token-of-ours' })
  })
  afterAll(async () => {
    server.close()
    server.closeAllConnections()
    await rm(folder, { recursive: true, force: true })
  })
  beforeEach(() => {
    sent.length = 0
  })

  const channel = (more: object = {}) =>
    channelSchema.parse({
      kind: 'gitlab',
      name: 'ours',
      allowPrivate: true,
      repository: project,
      // As GitLab's documentation has it.
      address: `${address}/api/v4`,
      tokenFile: join(folder, 'token'),
      ...more,
    }) as ChannelOf<'gitlab'>
  const delivery = (event: Partial<Delivery['event']> = {}, opened: string | null = null): Delivery => ({
    id: 'a',
    at: new Date(0),
    now: new Date(0),
    opened,
    told: [],
    secureContextFor: undefined,
    world: {} as never,
    event: { kind: 'failed', image: 'shop', digest, text, details: {}, ...event },
  })
  /** Both do the same, one after the other. */
  async function compare(
    ours: () => Promise<unknown>,
    theirs: () => Promise<unknown>,
  ): Promise<readonly Sent[]> {
    await ours()
    const own = sent.splice(0)
    await theirs()
    expect(own.map(same)).toEqual(sent.splice(0).map(same))
    return own
  }

  it('is the issue that its client opens, and the note that it adds', async () => {
    answer = (method) => (method === 'GET' ? [200, { iid: 3, state: 'opened' }] : [201, { iid: 3 }])
    const description = `${text}\n\n\`shop@${digest}\``
    const [first] = await compare(
      () => tellForge(channel(), delivery()),
      () => client.Issues.create(project, 'shop: failed', { description }),
    )
    expect(first).toMatchObject({ method: 'POST', token: 'token-of-ours', body: { title: 'shop: failed' } })
    await compare(
      () => tellForge(channel(), delivery({}, '3')),
      async () => {
        await client.Issues.show(3, { projectId: project })
        await client.IssueNotes.create(project, 3, description)
      },
    )
  })

  it.each([
    ['a new lock', 404, 'create'],
    ['another lock', 200, 'update'],
  ])('is the commit and the merge request that its client makes of %s', async (_, status, action) => {
    answer = (method) => (method === 'GET' ? [status, { file_path: 'x' }] : [201, { iid: 5 }])
    const lock = delivery({ kind: 'lock', details: { lock: '{"lock":1}' } })
    const title = `shop: ${text}`
    const sentNow = await compare(
      () => proposeLock(channel({ opens: 'merge-requests' }), lock),
      async () => {
        await client.RepositoryFiles.show(project, 'shop/recipe.lock.json', 'main').catch(() => undefined)
        await client.Commits.create(
          project,
          'temper/shop',
          title,
          [{ action, filePath: 'shop/recipe.lock.json', content: '{"lock":1}' }],
          { startBranch: 'main', force: true },
        )
        await client.MergeRequests.create(project, 'temper/shop', 'main', title, {
          description: text,
          removeSourceBranch: true,
        })
      },
    )
    expect(sentNow.map(({ method }) => method)).toEqual(['GET', 'POST', 'POST'])
  })

  it('is the question that its client asks for a merge request that is open', async () => {
    const isList = (path: string) => path.includes('/merge_requests?')
    answer = (method, path) => {
      if (method === 'GET') return [200, isList(path) ? [{ iid: 5 }] : {}]
      return path.endsWith('/merge_requests') ? [409, { message: ['open already'] }] : [201, {}]
    }
    const lock = delivery({ kind: 'lock', details: { lock: '{}' } })
    expect(await proposeLock(channel({ opens: 'merge-requests' }), lock)).toBe('5')
    const own = sent.splice(0).filter(({ path }) => isList(path))
    await client.MergeRequests.all({
      projectId: project,
      state: 'opened',
      sourceBranch: 'temper/shop',
      maxPages: 1,
    })
    expect(own.map(same)).toEqual(sent.map(same))
  })
})

/** Dots may be written either way, and parameters stand in any order. */
function same({ method, path, token, body }: Sent): object {
  const { pathname, searchParams } = new URL(path, 'http://x')
  const parameters = Object.fromEntries([...searchParams].filter(([name]) => name !== 'per_page'))
  return { method, pathname: pathname.replaceAll('%2E', '.'), parameters, token, body }
}
