import { z } from 'zod'
import { identitySchema } from './auth/oidc/settings.ts'
import { reachableSchema } from './builds/isolation/reach.ts'
import { configurationSchema, isolationSchema } from './builds/isolation/settings.ts'
import { usualSla } from './clocks/due.ts'
import { keylessSchema, signerSchema } from './factory/keyless.ts'
import { limitsSchema } from './http/limits.ts'
import { ownerSchema } from './images/owners.ts'
import { repositorySchema } from './recipes/repository.ts'
import { replicaSchema } from './registry/replication/settings.ts'
import { rulesSchema } from './registry/rules/rules.ts'
import { proxySchema } from './registry/upstream/settings.ts'
import { channelSchema } from './telling/channel.ts'

/** All settings of a service; docs/reference/service.md. */
export const settingsSchema = z.strictObject({
  /** Folder of all that the service keeps. */
  data: z.string().min(1).default('temper-data'),
  /** Address that it listens on. Only its own machine can reach it unless another address is named. */
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 means any free port. */
  port: z.int().min(0).max(65_535).default(8080),
  /** Where a line of JSON for each request is written. */
  log: z.enum(['none', 'stderr']).default('none'),
  /** Name of a packaged policy, or path of a file: images that it refuses get no tag. */
  policy: z.string().min(1).optional(),
  /** Folder of feeds that the policy uses. */
  feeds: z.string().min(1).optional(),
  /** Whether the service builds images too; otherwise it is a registry alone. */
  factory: z
    .strictObject({
      /** Address of a PostgreSQL; absent: an embedded one. */
      database: z.string().min(1).optional(),
      /** Address of the registry that images are published to, with a path where there is one; absent: its own. */
      registry: z.string().min(1).optional(),
      /** A private key that signs, in place of one that the service makes in its data folder. */
      keyFile: z.string().min(1).optional(),
      /** A command line that asks a key service to sign, in place of a file. */
      keyCommand: z.string().min(1).optional(),
      /** A file with the password of the private key. */
      keyPasswordFile: z.string().min(1).optional(),
      /** An identity that signs, in place of a key. */
      keyless: keylessSchema.optional(),
      /** Files with the public halves of keys that signed before: their signatures count. */
      earlierKeyFiles: z.array(z.string().min(1)).default([]),
      /** Identities that signed before. */
      earlierIdentities: z.array(signerSchema).default([]),
      /** A file with the trusted root of the services that certify identities; absent: that of this machine's configuration. */
      trustedRootFile: z.string().min(1).optional(),
      /** Folder of recipes that is watched. */
      recipes: z.string().min(1).optional(),
      /** A git repository of recipes, in place of a folder. */
      recipesRepository: repositorySchema.optional(),
      /** The words that run Temper: builds run in processes of their own. */
      program: z.array(z.string()).min(1),
      /** Variables of the environment that builds see. */
      environment: z.record(z.string(), z.string()).default({}),
      /** Seconds between checks of archives for newer packages. */
      archivesEvery: z.number().positive().default(60),
      /** When images that are a week old are rebuilt, as a cron expression in UTC. */
      calendar: z.string().min(1).default('0 4 * * *'),
      /** When candidates become stable: at once, after a number of hours, or when a person promotes them. */
      promotion: z
        .union([z.enum(['at-once', 'by-hand']), z.strictObject({ after: z.number().positive() })])
        .default('at-once'),
      /** Days from the disclosure of a problem to the day when it has to be gone. */
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
      /** The channels that are notified, and of what. */
      channels: z.array(channelSchema).default([]),
      /** The owners of images. */
      owners: z.array(ownerSchema).default([]),
      /** Hosts of registries whose images may be watched; "*" for any. */
      foreignRegistries: z.array(z.string().min(1)).default([]),
      /** Where builds run: in processes here, or with workers that join. */
      buildOn: z.enum(['here', 'workers']).default('here'),
      /**
       * Whether builds that run here have to be kept apart from the service; if not, the service reports where they
       * are not.
       */
      isolation: isolationSchema,
      /** Further paths on this machine that builds may read. */
      visible: z.array(z.string().min(1)).default([]),
      /** Hosts and networks, besides public ones, that builds which run here may ask. */
      reachable: z.array(reachableSchema).default([]),
      /** A configuration file, and the parts of it that builds may know. */
      configuration: configurationSchema.optional(),
      /** Builds that run at once. */
      builds: z.int().positive().default(2),
    })
    .refine(({ recipes, recipesRepository }) => recipes === undefined || recipesRepository === undefined, {
      path: ['recipesRepository'],
      error: 'recipes come from a folder or from a repository, not from both',
    })
    .superRefine(({ keyFile, keyCommand, keyless }, context) => {
      const signers = [
        ['keyFile', 'factory.key-file', keyFile],
        ['keyCommand', 'factory.key-command', keyCommand],
        ['keyless', 'factory.keyless', keyless],
      ] as const
      const [first, second] = signers.filter(([, , value]) => value !== undefined)
      if (first === undefined || second === undefined) return
      const message = `what signs is named once: expected ${first[1]} or ${second[1]}, found both`
      context.addIssue({ code: 'custom', path: [second[0]], message })
    })
    .optional(),
  /** Host that clients know the registry by: patterns of policies name it. */
  knownAs: z.string().min(1).optional(),
  /** Rules for repositories: quotas, immutable tags, retention. */
  rules: rulesSchema.prefault({}),
  /** Projects that mirror other registries. */
  proxies: z.array(proxySchema).default([]),
  /** Other registries that receive copies of what is pushed here. */
  replicas: z.array(replicaSchema).default([]),
  /** Identity providers whose tokens are accepted besides those of the service. */
  identities: z.array(identitySchema).default([]),
  /** A file with the key that seals the sessions of people who sign in; absent: one of its own. */
  sessionKeyFile: z.string().min(1).optional(),
  /** How many requests a client may send. */
  limits: limitsSchema.prefault({}),
  /** Most bytes of a blob that is pushed. */
  blobLimit: z
    .int()
    .positive()
    .default(64 * 2 ** 30),
})

export type Settings = z.output<typeof settingsSchema>
