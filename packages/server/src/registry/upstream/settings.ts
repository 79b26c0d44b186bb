import { z } from 'zod'
import { isRepositoryName } from '../name.ts'
import { bytesSchema, spanSchema } from '../rules/quantity.ts'

/** Another registry as settings name it: an address, with a path where there is one. */
export const registryAddress = z
  .string()
  .regex(
    /^https?:\/\/[^\s/?#@]+(?:\/[a-z0-9._/-]+)?\/?$/,
    'expected an address such as https://registry.example/team',
  )

/** The user as which another registry is asked. */
export const credentialsSchema = {
  username: z.string().min(1).optional(),
  password: z.string().min(1).optional(),
  /** File whose first line is the password. */
  passwordFile: z.string().min(1).optional(),
}

/** A project that mirrors another registry, and keeps what was pulled. */
export const proxySchema = z.strictObject({
  project: z.string().refine(isRepositoryName, 'expected the name of a project'),
  from: registryAddress,
  ...credentialsSchema,
  /** Most bytes of blobs that are kept; the least recently used go first. */
  limit: bytesSchema.optional(),
  /** How long a tag is used before the other registry is asked again. */
  freshFor: spanSchema.default(300_000),
})

export type ProxySettings = z.output<typeof proxySchema>

/** The parts of an address: host with port, and the path before names of repositories. */
export function placeOf(address: string): {
  readonly host: string
  readonly path: string
  readonly plain: boolean
} {
  const { protocol, host, pathname } = new URL(address)
  return { host, path: pathname.replace(/^\/+|\/+$/g, ''), plain: protocol === 'http:' }
}
