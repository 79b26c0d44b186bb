import { z } from 'zod'
import { isProject } from '../name.ts'
import { bytesSchema } from './quantity.ts'
import { tagPatternSchema } from './tag-pattern.ts'

/** A repository and all below it, or "*" for every one. */
export const projectSchema = z
  .string()
  .refine(isProject, 'expected "*" or the name of a repository, which stands for all below it too')

/** What is asked of repositories beyond the specification. */
export const rulesSchema = z.strictObject({
  /** Tags that stay where they are once they are set, and that nobody deletes. */
  immutable: z
    .array(z.strictObject({ project: projectSchema, tags: z.array(tagPatternSchema).min(1) }))
    .default([]),
  /** What a project may hold, all its repositories together; each that covers a repository counts. */
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
})

export type RegistryRules = z.output<typeof rulesSchema>
export type Quota = RegistryRules['quotas'][number]
