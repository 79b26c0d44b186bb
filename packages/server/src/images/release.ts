import { z } from 'zod'
import { buildStates, severities, stepSchema, triggers } from '../database/schema.ts'
import { interfaceSchema } from './interfaces.ts'

/**
 * Type of the statement by which the service signs what it published; it holds all that the database knows about an
 * image.
 */
export const releaseType = 'urn:temper:release:v1'

const texts = z.array(z.string()).readonly()

export const releaseSchema = z.strictObject({
  image: z.string(),
  /** Tags that the image got, each with its channel. */
  tags: z.array(z.strictObject({ tag: z.string(), channel: z.string() })),
  built: z.iso.datetime(),
  published: z.iso.datetime(),
  grade: z.string().nullable(),
  signer: z.string(),
  recipe: z.strictObject({ text: z.string(), source: z.enum(['api', 'folder']), path: z.string() }),
  lock: z.string(),
  build: z.strictObject({
    id: z.string(),
    reason: z.string(),
    trigger: z.enum(triggers),
    state: z.enum(buildStates),
    created: z.iso.datetime(),
    started: z.iso.datetime(),
    steps: z.array(stepSchema),
  }),
  /** Components as advisories are matched with them. */
  packages: z.array(
    z.looseObject({ type: z.string(), name: z.string(), version: z.string(), purl: z.string() }),
  ),
  /** What each platform offers to whoever runs it. */
  interfaces: z.array(interfaceSchema).readonly().exactOptional(),
  /** Its other digests: manifests and configurations of its platforms. */
  ids: texts.exactOptional(),
  /**
   * What it takes away from users of the previous image: if anything, it stays a candidate until a person promotes
   * it.
   */
  breaks: texts.exactOptional(),
  /** The digest that the tags named before; null for the first. */
  replaces: z.string().nullable(),
  /** Clocks that the release stopped. */
  repaired: z.array(
    z.strictObject({
      advisory: z.string(),
      package: z.string(),
      severity: z.enum(severities),
      exploited: z.boolean(),
      version: z.string(),
      fixed: z.string().nullable(),
      disclosed: z.iso.datetime(),
      upstream: z.iso.datetime().nullable(),
      archive: z.iso.datetime().nullable(),
    }),
  ),
})

/** What is published about an image besides its bytes: the source that the database is rebuilt from. */
export type Release = z.output<typeof releaseSchema>
