import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { TemperError } from '../../base/error.ts'
import { parseJson } from '../../base/json/parse.ts'

/** Pods that one answer has, bytes of it, and answers. */
const limits = { page: 500, bytes: 64 << 20, pages: 2000, milliseconds: 60_000 }

const some = z.string().min(1).optional()
const kubeconfig = z.looseObject({
  'current-context': some,
  clusters: z.array(
    z.looseObject({
      name: z.string(),
      cluster: z.looseObject({
        server: z.url({ protocol: /^https$/ }),
        'certificate-authority': some,
        'certificate-authority-data': some,
        'insecure-skip-tls-verify': z.boolean().optional(),
      }),
    }),
  ),
  users: z.array(
    z.looseObject({
      name: z.string(),
      user: z.looseObject({
        token: some,
        tokenFile: some,
        'client-certificate': some,
        'client-certificate-data': some,
        'client-key': some,
        'client-key-data': some,
      }),
    }),
  ),
  contexts: z.array(
    z.looseObject({ name: z.string(), context: z.looseObject({ cluster: z.string(), user: z.string() }) }),
  ),
})

/** How a cluster is reached. */
interface Cluster {
  readonly server: string
  readonly ca?: string | Buffer
  readonly cert?: string | Buffer
  readonly key?: string | Buffer
  readonly token?: string
  readonly name: string
}

export interface ClusterRequest {
  /** Path of the kubeconfig. */
  readonly path: string
  /** Which of its contexts; default: its current one. */
  readonly context?: string
  readonly signal: AbortSignal
}

/**
 * Asks a cluster for its pods in all namespaces, as one JSON text. Needs only the permission to list pods. Throws
 * `network`, and `bad-configuration` for a kubeconfig that cannot be used, such as one whose tokens another program
 * makes.
 */
export async function clusterPods({
  path,
  context,
  signal,
}: ClusterRequest): Promise<{ readonly name: string; readonly text: string }> {
  const cluster = await readKubeconfig(path, context)
  const items: unknown[] = []
  let next = ''
  for (let page = 0; page < limits.pages; page++) {
    const query = `limit=${limits.page}${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`
    const answer = podsOf(await ask(cluster, `/api/v1/pods?${query}`, signal), cluster.name)
    items.push(...answer.items)
    next = answer.metadata.continue ?? ''
    if (next === '') break
  }
  return { name: cluster.name, text: JSON.stringify({ items }) }
}

const podList = z.looseObject({
  items: z.array(z.unknown()),
  metadata: z.looseObject({ continue: z.string().optional() }),
})

function podsOf(text: string, cluster: string): z.output<typeof podList> {
  const refuse = (found: string) =>
    new TemperError('network', `The pods of the cluster ${cluster}: expected a list as JSON, found ${found}`)
  const read = podList.safeParse(parseJson(text, { where: `The pods of ${cluster}`, depth: 64, refuse }))
  if (!read.success) throw refuse(`something else at "${read.error.issues[0]?.path.join('.') ?? ''}"`)
  return read.data
}

async function readKubeconfig(path: string, wanted: string | undefined): Promise<Cluster> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new TemperError('not-found', `The kubeconfig ${path} cannot be read: ${error.message}`)
  })
  const read = kubeconfig.safeParse(parse(text, { maxAliasCount: 10 }))
  if (!read.success) {
    const [issue] = read.error.issues
    throw new TemperError('bad-configuration', `${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message}`)
  }
  const { clusters, users, contexts, 'current-context': current } = read.data
  const name = wanted ?? current
  const context = contexts.find((each) => each.name === name)?.context
  const cluster = clusters.find((each) => each.name === context?.cluster)?.cluster
  const user = users.find((each) => each.name === context?.user)?.user
  if (name === undefined || cluster === undefined || user === undefined)
    throw new TemperError(
      'bad-configuration',
      `${path}: there is no context ${name ?? ''} with a cluster and a user`,
    )
  const file = async (data: string | undefined, place: string | undefined) =>
    data !== undefined
      ? Buffer.from(data, 'base64')
      : place === undefined
        ? undefined
        : await readFile(resolve(dirname(path), place))
  const ca = await file(cluster['certificate-authority-data'], cluster['certificate-authority'])
  const cert = await file(user['client-certificate-data'], user['client-certificate'])
  const key = await file(user['client-key-data'], user['client-key'])
  const token = user.token ?? (await file(undefined, user.tokenFile))?.toString('utf8').trim()
  if (cluster['insecure-skip-tls-verify'] === true)
    throw new TemperError(
      'bad-configuration',
      `${path}: it turns off the check of the cluster's certificate`,
      {
        hint: 'Name the certificate authority of the cluster instead.',
      },
    )
  if (token === undefined && cert === undefined)
    throw new TemperError(
      'bad-configuration',
      `${path}: the user ${context?.user} has neither token nor certificate`,
      {
        hint: 'Tokens from credential programs are not used: make a token for a service account that may list pods, or pass the output of kubectl.',
      },
    )
  return {
    server: cluster.server,
    name,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(token === undefined ? {} : { token }),
  }
}

function ask({ server, ca, cert, key, token }: Cluster, path: string, signal: AbortSignal): Promise<string> {
  const url = new URL(`${server.replace(/\/+$/, '')}${path}`)
  return new Promise((done, reject) => {
    const fail = (error: Error) =>
      reject(
        new TemperError('network', `The cluster ${url.origin} does not answer: ${error.message}`, {
          cause: error,
        }),
      )
    const asking = request(
      url,
      {
        signal,
        timeout: limits.milliseconds,
        ...(ca === undefined ? {} : { ca }),
        ...(cert === undefined ? {} : { cert }),
        ...(key === undefined ? {} : { key }),
        headers: {
          Accept: 'application/json',
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        },
      },
      (answer) => {
        const chunks: Buffer[] = []
        let size = 0
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size > limits.bytes) asking.destroy(new Error(`more than ${limits.bytes} bytes`))
          else chunks.push(chunk)
        })
        answer.on('error', fail)
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          if (answer.statusCode === 200) return done(text)
          reject(
            new TemperError('network', `The cluster answered ${answer.statusCode}: ${text.slice(0, 200)}`),
          )
        })
      },
    )
    asking.on('timeout', () => asking.destroy(new Error('it takes too long')))
    asking.on('error', fail)
    asking.end()
  })
}
