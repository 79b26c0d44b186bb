import { z } from 'zod'
import { isProject } from '../name.ts'
import { bytesSchema, spanSchema } from './quantity.ts'
import { tagPatternSchema } from './tag-pattern.ts'

/** A repository and all below it, or "*" for every one. */
export const projectSchema = z
  .string()
  .refine(isProject, 'expected "*" or the name of a repository, which stands for all below it too')

/** What is asked of repositories beyond the specification. */
const day = 24 * 3600 * 1000

const retentionSchema = z
  .strictObject({
    project: projectSchema,
    /** Tags that it is about. */
    tags: z.array(tagPatternSchema).min(1).default(['*']),
    /** How many of these tags stay in each repository, the ones that were set last. */
    keepNewest: z.int().positive().optional(),
    /** How long each stays since it was set. */
    keepFor: spanSchema.optional(),
    /** Versions that are supported, until their day has ended: their tags stay. */
    lines: z
      .array(
        z.strictObject({
          line: z.string().min(1).max(128),
          until: z.iso
            .date()
            .transform((date) => Date.parse(date) + day)
            .optional(),
        }),
      )
      .default([]),
    /** How long manifests stay to which no tag leads. Absent: until somebody deletes them. */
    untaggedAfter: spanSchema.optional(),
  })
  .refine(
    ({ keepNewest, keepFor, untaggedAfter }) => (keepNewest ?? keepFor ?? untaggedAfter) !== undefined,
    { message: 'expected keep-newest, keep-for or untagged-after' },
  )

export const rulesSchema = z.strictObject({
  /** Tags that stay where they are once they are set, and cannot be deleted. */
  immutable: z
    .array(z.strictObject({ project: projectSchema, tags: z.array(tagPatternSchema).min(1) }))
    .default([]),
  /** What all repositories of a project may hold together; every quota that covers a repository counts. */
  quotas: z
    .array(
      z
        .strictObject({
          project: projectSchema,
          bytes: bytesSchema.optional(),
          /** Manifests and blobs. */
          contents: z.int().positive().optional(),
        })
        .refine(({ bytes, contents }) => bytes !== undefined || contents !== undefined, {
          message: 'expected bytes or contents',
        }),
    )
    .default([]),
  /** What is removed over time: a tag is removed when a rule covers it and no rule keeps it. */
  retention: z.array(retentionSchema).default([]),
  /** How long an image counts as used after a pull, and stays. */
  keepPulled: spanSchema.default(30 * day),
  /** How often the retention rules are applied. */
  every: spanSchema.default(day),
})

export type RetentionRule = z.output<typeof retentionSchema>
export type RegistryRules = z.output<typeof rulesSchema>
export type Quota = RegistryRules['quotas'][number]
