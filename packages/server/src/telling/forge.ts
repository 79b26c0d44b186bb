import { z } from 'zod'
import { parseJson, TemperError } from '../temper.ts'
import type { ChannelOf } from './channel.ts'
import { type Delivery, secretIn } from './delivery.ts'
import { type Answer, send, taken } from './send.ts'

type Forge = ChannelOf<'github'> | ChannelOf<'gitlab'>

interface Api {
  ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, value?: object): Promise<Answer>
}

async function apiOf(
  { kind, address, tokenFile, allowPrivate }: Forge,
  { secureContextFor }: Delivery,
): Promise<Api> {
  const token = await secretIn(tokenFile)
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    ...(kind === 'github'
      ? { Authorization: `Bearer ${token}`, Accept: 'application/vnd.github+json' }
      : { 'PRIVATE-TOKEN': token }),
  }
  return {
    ask: (method, path, value) =>
      send(`${address.replace(/\/+$/, '')}${path}`, {
        method,
        headers,
        allowPrivate,
        secureContextFor,
        ...(value === undefined ? {} : { body: JSON.stringify(value) }),
      }),
  }
}

const names = { github: 'GitHub', gitlab: 'GitLab' } as const

/** As much of the answers of both as is looked at. */
const answers = {
  number: z.looseObject({ number: z.number() }),
  iid: z.looseObject({ iid: z.number() }),
  state: z.looseObject({ state: z.string().optional() }),
  head: z.looseObject({ object: z.looseObject({ sha: z.string() }) }),
  file: z.looseObject({ sha: z.string() }),
}

/** Reads the answer of a forge. Throws `network` for one that is something else. */
function read<Schema extends z.ZodType>(
  { text }: Answer,
  kind: keyof typeof names,
  schema: Schema,
): z.output<Schema> {
  const where = `the answer of ${names[kind]}`
  const refuse = (found: string) => new TemperError('network', `${where}: expected JSON, found ${found}`)
  const { data, error } = schema.safeParse(parseJson(text, { where, depth: 64, refuse }))
  if (data !== undefined) return data
  const [issue] = error?.issues ?? []
  throw new TemperError('network', `${where}: ${issue?.path.join('.') || 'all of it'}: ${issue?.message}`)
}

function titleOf({ image, kind }: Delivery['event']): string {
  return image === null ? `Temper: ${kind}` : `${image}: ${kind}`
}

function bodyOf({ text, image, digest }: Delivery['event']): string {
  return digest === null ? text : `${text}\n\n\`${image}@${digest}\``
}

/** Opens an issue, or adds to the one that is open for the same image and kind of event. Returns its number. */
export async function tellForge(channel: Forge, delivery: Delivery): Promise<string> {
  const api = await apiOf(channel, delivery)
  return channel.kind === 'github'
    ? await tellGithub(channel, delivery, api)
    : await tellGitlab(channel, delivery, api)
}

async function tellGithub({ repository }: Forge, { event, opened }: Delivery, api: Api): Promise<string> {
  const issues = `/repos/${repository}/issues`
  if (opened !== null) {
    const answer = await api.ask('GET', `${issues}/${opened}`)
    if (answer.status === 200 && read(answer, 'github', answers.state).state === 'open') {
      taken(await api.ask('POST', `${issues}/${opened}/comments`, { body: bodyOf(event) }), 'GitHub')
      return opened
    }
  }
  const made = taken(await api.ask('POST', issues, { title: titleOf(event), body: bodyOf(event) }), 'GitHub')
  return String(read(made, 'github', answers.number).number)
}

async function tellGitlab({ repository }: Forge, { event, opened }: Delivery, api: Api): Promise<string> {
  const issues = `/projects/${encodeURIComponent(repository)}/issues`
  if (opened !== null) {
    const answer = await api.ask('GET', `${issues}/${opened}`)
    if (answer.status === 200 && read(answer, 'gitlab', answers.state).state === 'opened') {
      taken(await api.ask('POST', `${issues}/${opened}/notes`, { body: bodyOf(event) }), 'GitLab')
      return opened
    }
  }
  const made = taken(
    await api.ask('POST', issues, { title: titleOf(event), description: bodyOf(event) }),
    'GitLab',
  )
  return String(read(made, 'gitlab', answers.iid).iid)
}

/** A change that is proposed: one file on a branch of its own. */
interface Proposal {
  readonly branch: string
  readonly path: string
  readonly content: string
  readonly title: string
  readonly body: string
}

/** Proposes the lock of an event as a merge request. Repeating it updates the existing one. Returns its number. */
export async function proposeLock(channel: Forge, delivery: Delivery): Promise<string> {
  const { event } = delivery
  const { image, text, details } = event
  const lock = details['lock']
  if (image === null || typeof lock !== 'string') throw new TemperError('internal', 'An event without a lock')
  const proposal: Proposal = {
    branch: `temper/${image}`,
    path: channel.lockPath.replaceAll('{image}', image),
    content: lock,
    title: `${image}: ${text}`.slice(0, 200),
    body: text,
  }
  const api = await apiOf(channel, delivery)
  return channel.kind === 'github'
    ? await proposeToGithub(channel, proposal, api)
    : await proposeToGitlab(channel, proposal, api)
}

async function proposeToGithub(
  { repository, branch: base }: Forge,
  { branch, path, content, title, body }: Proposal,
  api: Api,
): Promise<string> {
  const repo = `/repos/${repository}`
  const head = taken(await api.ask('GET', `${repo}/git/ref/heads/${base}`), 'GitHub')
  const { sha: newest } = read(head, 'github', answers.head).object
  const ref = await api.ask('POST', `${repo}/git/refs`, { ref: `refs/heads/${branch}`, sha: newest })
  // 422: the branch is there from an earlier proposal.
  if (ref.status !== 422) taken(ref, 'GitHub')
  const open = ref.status === 422 ? await openPull(repository, { branch, base }, api) : undefined
  // Somebody has merged or closed it: what is proposed now begins where that branch is by now, not where it was.
  if (ref.status === 422 && open === undefined)
    taken(await api.ask('PATCH', `${repo}/git/refs/heads/${branch}`, { sha: newest, force: true }), 'GitHub')
  const file = `${repo}/contents/${path.split('/').map(encodeURIComponent).join('/')}`
  const before = await api.ask('GET', `${file}?ref=${encodeURIComponent(branch)}`)
  const sha = before.status === 200 ? { sha: read(before, 'github', answers.file).sha } : {}
  const commit = { message: title, content: Buffer.from(content).toString('base64'), branch, ...sha }
  taken(await api.ask('PUT', file, commit), 'GitHub')
  if (open !== undefined) return open
  const made = taken(await api.ask('POST', `${repo}/pulls`, { title, body, head: branch, base }), 'GitHub')
  return String(read(made, 'github', answers.number).number)
}

/** The number of the proposal that is open from a branch. */
async function openPull(
  repository: string,
  { branch, base }: { readonly branch: string; readonly base: string },
  api: Api,
): Promise<string | undefined> {
  const [owner = ''] = repository.split('/', 1)
  const query = `head=${encodeURIComponent(`${owner}:${branch}`)}&base=${encodeURIComponent(base)}`
  const answer = taken(await api.ask('GET', `/repos/${repository}/pulls?${query}`), 'GitHub')
  return read(answer, 'github', z.array(answers.number))[0]?.number.toString()
}

async function proposeToGitlab(
  { repository, branch: base }: Forge,
  { branch, path, content, title, body }: Proposal,
  api: Api,
): Promise<string> {
  const project = `/projects/${encodeURIComponent(repository)}`
  const there = await api.ask(
    'GET',
    `${project}/repository/files/${encodeURIComponent(path)}?ref=${encodeURIComponent(base)}`,
  )
  const action = { action: there.status === 200 ? 'update' : 'create', file_path: path, content }
  // "force": what an earlier proposal left on the branch makes room.
  const commit = { branch, start_branch: base, force: true, commit_message: title, actions: [action] }
  taken(await api.ask('POST', `${project}/repository/commits`, commit), 'GitLab')
  const request = {
    source_branch: branch,
    target_branch: base,
    title,
    description: body,
    remove_source_branch: true,
  }
  const made = await api.ask('POST', `${project}/merge_requests`, request)
  // 409: it is open already.
  if (made.status !== 409) return String(read(taken(made, 'GitLab'), 'gitlab', answers.iid).iid)
  const query = `state=opened&source_branch=${encodeURIComponent(branch)}`
  const open = taken(await api.ask('GET', `${project}/merge_requests?${query}`), 'GitLab')
  const [first] = read(open, 'gitlab', z.array(answers.iid))
  if (first === undefined) taken(made, 'GitLab')
  return String(first?.iid)
}
