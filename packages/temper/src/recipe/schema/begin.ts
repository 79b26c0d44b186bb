import * as z from 'zod'
import { show } from '../document/problem.ts'
import { date, shortText } from './scalar.ts'

/** What an image begins with, and how much of the packages is added to it. */
export const base = shortText.optional().meta({
  description:
    'An image that this one begins with, by its digest or in a layout or archive: `registry.example/team/python@sha256:…`, `oci:../python/out`, `oci-archive:python.tar`, `docker-archive:python.tar`; paths are beside the recipe. Its layers stay as they are, byte for byte, and its packages count as installed; variables, entrypoint, command, user, working directory, ports and volumes are its own where the recipe says nothing. Proof and hardening look at both together. The lock has the digest.',
  examples: ['registry.example/team/python:3.13'],
})

export const debug = z
  .strictObject({
    expires: date.meta({ description: 'Last day on which it may be used.', examples: ['2026-12-31'] }),
  })
  .optional()
  .meta({
    description:
      'The image is the companion of its `base` for looking into an incident: exactly the files of that image, with tools. Annotations and labels state for which digest and until when; after that day it is neither verified nor allowed by a policy.',
    examples: [{ expires: '2026-12-31' }],
  })

export const minimize = z
  .union(
    [
      z.boolean(),
      z.strictObject({
        keep: z
          .array(shortText)
          .max(200)
          .meta({
            description: 'Paths that stay besides; `*` and `**` match names and paths.',
            examples: [['/usr/bin/psql']],
          }),
      }),
    ],
    {
      error: (issue) => `expected true, or {keep: [GLOB…]}, found ${show(issue.input)}`,
    },
  )
  .optional()
  .meta({
    description:
      'Leaves out files of packages that nothing the image starts can reach: programs of packages that are only dependencies, libraries that nothing links to or names, and files that belong only to these. What entrypoint, cmd and tests start stays with everything that it loads, and so do the programs of packages that the recipe names, plug-ins, modules of interpreters, configuration and data. What is left out is counted as "not reached"; the image is proved as always, and its packages stay in database, bill of materials and VEX.',
    examples: [true, { keep: ['/usr/bin/psql'] }],
  })
