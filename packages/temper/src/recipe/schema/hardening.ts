import * as z from 'zod'
import { relaxableRules } from '../../model/recipe.ts'
import { show } from '../document/problem.ts'
import { shortText } from './scalar.ts'

/** The rules that a recipe relaxes, each with a reason. */
export const hardening = z
  .strictObject({
    allow: z
      .array(
        z
          .strictObject({
            rule: z
              .enum(relaxableRules)
              .meta({ description: 'The rule that is relaxed.', examples: ['shell'] }),
            path: shortText.optional().meta({
              description: 'Only for this path; `*` and `**` match names and paths. Default: everywhere.',
              examples: ['/usr/bin/dash'],
            }),
            why: z
              .string({ error: (issue) => `expected the reason, as text, found ${show(issue.input)}` })
              .trim()
              .min(10, 'the reason needs some words: it is recorded in the image')
              .max(1024)
              .meta({
                description: 'The reason, recorded in the image.',
                examples: ['initdb runs the server through popen, which needs /bin/sh'],
              }),
          })
          .meta({ id: 'relaxation' }),
      )
      .max(100)
      .optional()
      .meta({
        description: 'Hardening rules that this image relaxes, each with the reason.',
        examples: [[{ rule: 'shell', why: 'initdb runs the server through popen' }]],
      }),
  })
  .meta({ id: 'hardening' })
