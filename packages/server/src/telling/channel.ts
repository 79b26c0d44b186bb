import { z } from 'zod'
import { eventKinds, type FactoryEvent } from './event.ts'

const common = {
  /** Its name for people and in the record of events that it received. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/, 'expected a name: small letters, digits and "-"'),
  /** Which events; default: all but changes of locks. */
  events: z.array(z.enum(eventKinds)).min(1).optional(),
  /** Which images, by project; default: all. */
  projects: z.array(z.string().min(1)).min(1).optional(),
  /** Whether its address may be one of a private network, which the service may reach and others may not. */
  allowPrivate: z.boolean().default(false),
}
const address = z.url({ protocol: /^https?$/ })
/** A file with a secret, so that settings may be shown to anybody. */
const secretFile = z.string().min(1)

const forge = {
  ...common,
  address,
  tokenFile: secretFile,
  /** "owner/name", or the path of a project. */
  repository: z.string().regex(/^[\w.-]+(?:\/[\w.-]+)+$/),
  /** Issues, or merge requests with changed locks in place of builds. */
  opens: z.enum(['issues', 'merge-requests']).default('issues'),
  /** The branch that merge requests are for, and where the lock of an image lies in it. */
  branch: z.string().default('main'),
  lockPath: z.string().default('{image}/recipe.lock.json'),
}

export const channelSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('webhook'), ...common, address, secretFile }),
  z.strictObject({ kind: z.literal('slack'), ...common, addressFile: secretFile }),
  z.strictObject({
    kind: z.literal('email'),
    ...common,
    server: z.url({ protocol: /^smtps?$/ }),
    passwordFile: secretFile.optional(),
    /** Whether nothing is sent without TLS; with a password it never is. */
    requireTls: z.boolean().default(false),
    from: z.email(),
    to: z.array(z.email()).min(1),
  }),
  z.strictObject({ kind: z.literal('github'), ...forge }),
  z.strictObject({ kind: z.literal('gitlab'), ...forge }),
  z.strictObject({ kind: z.literal('dependency-track'), ...common, address, keyFile: secretFile }),
])
export type Channel = z.output<typeof channelSchema>
export type ChannelOf<K extends Channel['kind']> = Extract<Channel, { readonly kind: K }>

/** Whether changes of an image's lock are proposed to the recipes' repository, and built when accepted there. */
export function proposesLocks(channels: readonly Channel[], image: string): boolean {
  return channels.some(
    (channel) =>
      'opens' in channel && channel.opens === 'merge-requests' && wants(channel, { kind: 'lock', image }),
  )
}

/** Whether a channel is to be notified of an event. */
export function wants(channel: Channel, { kind, image }: Pick<FactoryEvent, 'kind' | 'image'>): boolean {
  if (!(channel.events ?? usual(channel)).includes(kind)) return false
  return (
    channel.projects === undefined ||
    image === null ||
    channel.projects.some((each) => each === '*' || image === each || image.startsWith(`${each}/`))
  )
}

function usual(channel: Channel): readonly FactoryEvent['kind'][] {
  switch (channel.kind) {
    case 'dependency-track':
      return ['published', 'promoted']
    case 'github':
    case 'gitlab':
      return channel.opens === 'merge-requests'
        ? ['lock']
        : ['waiting', 'failed', 'refused', 'withdrawn', 'late', 'feed', 'recipes']
    default:
      return eventKinds.filter((kind) => kind !== 'lock')
  }
}
