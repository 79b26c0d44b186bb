import { z } from 'zod'
import { projectSchema } from '../rules/rules.ts'
import { credentialsSchema, registryAddress } from '../upstream/settings.ts'

/** Another registry that receives copies of what is pushed here. */
export const replicaSchema = z.strictObject({
  to: registryAddress,
  projects: z.array(projectSchema).min(1),
  ...credentialsSchema,
})

export type ReplicaSettings = z.output<typeof replicaSchema>
