import { z } from 'zod'
import { identitySchema } from './auth/oidc/settings.ts'
import { configurationSchema, isolationSchema } from './builds/isolation/settings.ts'
import { usualSla } from './clocks/due.ts'
import { limitsSchema } from './http/limits.ts'
import { ownerSchema } from './images/owners.ts'
import { repositorySchema } from './recipes/repository.ts'
import { replicaSchema } from './registry/replication/settings.ts'
import { rulesSchema } from './registry/rules/rules.ts'
import { proxySchema } from './registry/upstream/settings.ts'
import { channelSchema } from './telling/channel.ts'

/** All that a service can be told; docs/reference/service.md. */
export const settingsSchema = z.strictObject({
  /** Folder of all that the service keeps. */
  data: z.string().min(1).default('temper-data'),
  /** Address that it listens on. Its own machine alone unless another is named. */
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 is any free one. */
  port: z.int().min(0).max(65_535).default(8080),
  /** Where a line of JSON for each request goes. */
  log: z.enum(['none', 'stderr']).default('none'),
  /** Name of a packaged policy, or path of a file: what it refuses gets no tag. */
  policy: z.string().min(1).optional(),
  /** Folder of feeds that the policy is asked with. */
  feeds: z.string().min(1).optional(),
  /** Whether it builds images too; else it is a registry alone. */
  factory: z
    .strictObject({
      /** Address of a PostgreSQL; absent: an embedded one. */
      database: z.string().min(1).optional(),
      /** Address of the registry that images are published to, with a path where there is one; absent: its own. */
      registry: z.string().min(1).optional(),
      /** Folder of recipes that is watched. */
      recipes: z.string().min(1).optional(),
      /** A git repository of recipes, in place of a folder. */
      recipesRepository: repositorySchema.optional(),
      /** The words that run Temper: builds run in processes of their own. */
      program: z.array(z.string()).min(1),
      /** Variables of the environment that builds see. */
      environment: z.record(z.string(), z.string()).default({}),
      /** Seconds between looks at archives. */
      archivesEvery: z.number().positive().default(60),
      /** When images are built anew that are a week old, as cron has it, in UTC. */
      calendar: z.string().min(1).default('0 4 * * *'),
      /** When candidates become stable: at once, after so many hours, or when somebody says so. */
      promotion: z
        .union([z.enum(['at-once', 'by-hand']), z.strictObject({ after: z.number().positive() })])
        .default('at-once'),
      /** Days from when a problem is told to when it has to be gone. */
      sla: z
        .strictObject({
          critical: z.number().positive().default(usualSla.critical),
          high: z.number().positive().default(usualSla.high),
          medium: z.number().positive().default(usualSla.medium),
          low: z.number().positive().default(usualSla.low),
          negligible: z.number().positive().default(usualSla.negligible),
          unknown: z.number().positive().default(usualSla.unknown),
        })
        .prefault({}),
      /** Who is told of what. */
      channels: z.array(channelSchema).default([]),
      /** Whose images are. */
      owners: z.array(ownerSchema).default([]),
      /** Hosts of registries whose images may be watched; "*" for any. */
      foreignRegistries: z.array(z.string().min(1)).default([]),
      /** Where builds run: in processes here, or with workers that join. */
      buildOn: z.enum(['here', 'workers']).default('here'),
      /** Whether builds that run here have to be kept apart from the service; else it says where they are not. */
      isolation: isolationSchema,
      /** What else of this machine builds may read. */
      visible: z.array(z.string().min(1)).default([]),
      /** A configuration file, and what of it builds may know. */
      configuration: configurationSchema.optional(),
      /** Builds at once. */
      builds: z.int().positive().default(2),
    })
    .refine(({ recipes, recipesRepository }) => recipes === undefined || recipesRepository === undefined, {
      path: ['recipesRepository'],
      error: 'recipes come from a folder or from a repository, not from both',
    })
    .optional(),
  /** Host that clients know the registry by: patterns of policies name it. */
  knownAs: z.string().min(1).optional(),
  /** What is asked of repositories: quotas, tags that stay. */
  rules: rulesSchema.prefault({}),
  /** Projects that show what other registries have. */
  proxies: z.array(proxySchema).default([]),
  /** Other registries that get what is pushed here. */
  replicas: z.array(replicaSchema).default([]),
  /** Providers of identities whose tokens are taken beside those of the service. */
  identities: z.array(identitySchema).default([]),
  /** How often somebody may ask. */
  limits: limitsSchema.prefault({}),
  /** Most bytes of a blob that is pushed. */
  blobLimit: z
    .int()
    .positive()
    .default(64 * 2 ** 30),
})

export type Settings = z.output<typeof settingsSchema>
