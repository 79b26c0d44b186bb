import { TemperError } from '../temper.ts'
import type { ChannelOf } from './channel.ts'
import { type Delivery, secretIn } from './delivery.ts'
import { type Answer, send, taken } from './send.ts'

type Forge = ChannelOf<'github'> | ChannelOf<'gitlab'>

interface Api {
  ask(method: 'GET' | 'POST' | 'PUT', path: string, value?: object): Promise<Answer>
}

async function apiOf({ kind, address, tokenFile, allowPrivate }: Forge): Promise<Api> {
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
        ...{ method, headers, allowPrivate },
        ...(value === undefined ? {} : { body: JSON.stringify(value) }),
      }),
  }
}

const numberIn = (answer: Answer, key: 'number' | 'iid'): string => {
  const value = (JSON.parse(answer.text) as Readonly<Record<string, unknown>>)[key]
  if (typeof value === 'number') return String(value)
  throw new TemperError('network', `The answer names no ${key}`)
}

function titleOf({ image, kind }: Delivery['event']): string {
  return image === null ? `Temper: ${kind}` : `${image}: ${kind}`
}

function bodyOf({ text, image, digest }: Delivery['event']): string {
  return digest === null ? text : `${text}\n\n\`${image}@${digest}\``
}

/** Opens an issue, or adds to the one that is open for the same image and kind of event. Returns its number. */
export async function tellForge(channel: Forge, delivery: Delivery): Promise<string> {
  const api = await apiOf(channel)
  return channel.kind === 'github'
    ? await tellGithub(channel, delivery, api)
    : await tellGitlab(channel, delivery, api)
}

async function tellGithub({ repository }: Forge, { event, opened }: Delivery, api: Api): Promise<string> {
  const issues = `/repos/${repository}/issues`
  if (opened !== null) {
    const answer = await api.ask('GET', `${issues}/${opened}`)
    if (answer.status === 200 && JSON.parse(answer.text).state === 'open') {
      taken(await api.ask('POST', `${issues}/${opened}/comments`, { body: bodyOf(event) }), 'GitHub')
      return opened
    }
  }
  const made = taken(await api.ask('POST', issues, { title: titleOf(event), body: bodyOf(event) }), 'GitHub')
  return numberIn(made, 'number')
}

async function tellGitlab({ repository }: Forge, { event, opened }: Delivery, api: Api): Promise<string> {
  const issues = `/projects/${encodeURIComponent(repository)}/issues`
  if (opened !== null) {
    const answer = await api.ask('GET', `${issues}/${opened}`)
    if (answer.status === 200 && JSON.parse(answer.text).state === 'opened') {
      taken(await api.ask('POST', `${issues}/${opened}/notes`, { body: bodyOf(event) }), 'GitLab')
      return opened
    }
  }
  const made = taken(
    await api.ask('POST', issues, { title: titleOf(event), description: bodyOf(event) }),
    'GitLab',
  )
  return numberIn(made, 'iid')
}

/** A change that is proposed: one file on a branch of its own. */
interface Proposal {
  readonly branch: string
  readonly path: string
  readonly content: string
  readonly title: string
  readonly body: string
}

/** Proposes the lock of an event as a merge request. Doing it again changes the one that is there. Returns its number. */
export async function proposeLock(channel: Forge, { event }: Delivery): Promise<string> {
  const { image, text, details } = event
  const lock = details['lock']
  if (image === null || typeof lock !== 'string') throw new TemperError('internal', 'An event without a lock')
  const proposal: Proposal = {
    branch: `temper/${image}`,
    path: channel.lockPath.replaceAll('{image}', image),
    ...{ content: lock, title: `${image}: ${text}`.slice(0, 200), body: text },
  }
  const api = await apiOf(channel)
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
  const head = JSON.parse(taken(await api.ask('GET', `${repo}/git/ref/heads/${base}`), 'GitHub').text)
  const ref = await api.ask('POST', `${repo}/git/refs`, { ref: `refs/heads/${branch}`, sha: head.object.sha })
  // 422: the branch is there from an earlier proposal.
  if (ref.status !== 422) taken(ref, 'GitHub')
  const file = `${repo}/contents/${path.split('/').map(encodeURIComponent).join('/')}`
  const before = await api.ask('GET', `${file}?ref=${encodeURIComponent(branch)}`)
  const sha = before.status === 200 ? { sha: JSON.parse(before.text).sha as string } : {}
  const commit = { message: title, content: Buffer.from(content).toString('base64'), branch, ...sha }
  taken(await api.ask('PUT', file, commit), 'GitHub')
  const made = await api.ask('POST', `${repo}/pulls`, { title, body, head: branch, base })
  if (made.status !== 422) return numberIn(taken(made, 'GitHub'), 'number')
  const [owner = ''] = repository.split('/', 1)
  const query = `head=${encodeURIComponent(`${owner}:${branch}`)}&base=${encodeURIComponent(base)}`
  const open = JSON.parse(taken(await api.ask('GET', `${repo}/pulls?${query}`), 'GitHub').text)
  return String(open[0]?.number ?? '')
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
  if (made.status !== 409) return numberIn(taken(made, 'GitLab'), 'iid')
  const query = `state=opened&source_branch=${encodeURIComponent(branch)}`
  const open = JSON.parse(taken(await api.ask('GET', `${project}/merge_requests?${query}`), 'GitLab').text)
  return String(open[0]?.iid ?? '')
}
