import * as z from 'zod'
import { tiers } from '../../model/assess/assessment.ts'
import { isDay } from '../ignore/schema.ts'
import { expressionScopes, policyLevels } from './policy.ts'

const level = z.enum(policyLevels)
const pattern = z.string().min(1).max(500)
const line = z.string().trim().min(1).max(500)
const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,79}$/)
  .describe('Small letters, digits and "-".')
const day = z
  .string()
  .refine(isDay, { params: { expected: 'a day as YYYY-MM-DD' } })
  .meta({ format: 'date' })
const images = z.array(pattern).min(1).max(1000)

/** Days, bytes: what rules take are quantities. */
const parameter = z.number().min(0).max(1e15)
const ruleSetting = z.union([level, z.looseObject({ level: level.optional() }).catchall(parameter)])

const condition = z.string().min(1).max(2000)
const conditions = z.union([condition, z.array(condition).max(100)])

const ownRule = z.strictObject({
  id: id.describe('Exceptions name the rule by it. No rule of Temper has the same.'),
  level: level.default('error').describe('What it means to break it.'),
  title: line.describe('What the rule states: "No image is larger than 500 MB".'),
  each: z
    .enum(expressionScopes)
    .default('image')
    .describe(
      'What the expression is evaluated for: the image as a whole, or each of its findings, secrets or violations (as "finding", "secret", "violation").',
    ),
  'broken-when': z
    .string()
    .min(1)
    .max(4000)
    .describe(
      'Expression in CEL over the input of policies (docs/reference/policy-input.md); the rule is broken where it is true.',
    ),
  fix: line.default('change what breaks the rule').describe('What to do about it, as a phrase.'),
})

const exception = z.strictObject({
  rule: pattern.describe(
    'Id of a rule, of an own rule, or "vulnerabilities", "secrets", "tier", "evidence"…; with "*".',
  ),
  finding: pattern.optional().describe('Id or alias of a finding: CVE-2026-1234.'),
  package: pattern.optional().describe('Name of a package, with "*" and "**".'),
  path: pattern.optional().describe('Path in the image, with "*" and "**".'),
  object: pattern
    .optional()
    .describe('Pod that may be admitted: "Deployment/web", "Deployment/NAMESPACE/web", with "*".'),
  images: images.optional().describe('Repositories that the exception covers; default: all.'),
  owner: line.describe('Who answers for it.'),
  reason: z.string().trim().min(1).max(2000).describe('Why it may pass: shown in every report.'),
  expires: day.describe('Last day on which it counts (UTC). Every exception ends.'),
})

const example = z.strictObject({
  name: line.describe('What it shows.'),
  day: day.optional().describe('The day that ages and exceptions are counted to; default: today.'),
  input: z
    .record(z.string().max(100), z.unknown())
    .default({})
    .describe('A part of the input of policies: the rest is as the policy wants it.'),
  expect: z
    .strictObject({
      allowed: z.boolean().describe('Whether the policy lets it pass.'),
      reasons: z.array(pattern).max(1000).optional().describe('Ids of the rules that refuse it.'),
      waived: z.array(pattern).max(1000).optional().describe('Ids of the rules that exceptions are for.'),
    })
    .describe('What the policy should decide.'),
})

export const policySchema = z.strictObject({
  name: id.optional().describe('How reports call it; default: the name of the file.'),
  description: z.string().trim().max(2000).optional().describe('What it is for.'),
  extends: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe('A packaged policy ("hardened"), or a file beside this one ("./base.yaml").'),
  images: images
    .optional()
    .describe('Repositories that the policy covers, with "*" and "**"; others are refused.'),
  tier: z.enum(tiers).optional().describe('The least tier that passes.'),
  'other-rules': z
    .enum(['own', ...policyLevels])
    .optional()
    .describe(
      'What breaking any other rule means: "own" (the rule\'s own level, the default), or one level for all.',
    ),
  rules: z
    .record(id, ruleSetting)
    .optional()
    .describe('Rules by id: a level, or {level: …} with what the rule takes.'),
  vulnerabilities: z
    .strictObject({
      error: conditions
        .optional()
        .describe('What refuses: "critical", "kev", "high+fixable>7d", "incomplete"…'),
      warning: conditions.optional().describe('What is reported as a warning.'),
      note: conditions.optional().describe('What is reported as a note.'),
    })
    .optional()
    .describe('Conditions of the gate (docs/reference/gate.md), by the level of what meets them.'),
  evidence: z
    .record(z.string().min(1).max(300), level)
    .optional()
    .describe(
      'What has to be attached and signed by a trusted signer: signature, sbom, provenance, openvex…',
    ),
  'own-rules': z.array(ownRule).max(200).optional().describe('Rules of your own, in CEL.'),
  exceptions: z
    .array(exception)
    .max(10_000)
    .optional()
    .describe('What may pass for a time, and who answers for it.'),
  examples: z
    .array(example)
    .max(1000)
    .optional()
    .describe('Inputs, and what the policy should decide about them.'),
})

/** A policy file as it is written, checked. */
export type PolicyFile = z.output<typeof policySchema>

/** JSON Schema (2020-12) of policy files, for editors. */
export function policyJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Temper policy',
    ...z.toJSONSchema(policySchema, { io: 'input', target: 'draft-2020-12' }),
  }
}
