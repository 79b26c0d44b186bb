import * as z from 'zod'
import { severities } from '../../model/advisory/advisory.ts'
import { tiers } from '../../model/assess/assessment.ts'
import { levels } from '../../model/rule.ts'

const text = z.string().max(100_000)
const texts = z.array(text).max(10_000)
const map = z.record(text, text)
const days = z.int()
const count = z.int().min(0)

const image = z.strictObject({
  reference: text.default('').describe('The image as the person named it.'),
  repository: text.default('').describe('"HOST/REPOSITORY" in its normal form, or "oci:PATH".'),
  digest: text.default('').describe('Digest of the manifest.'),
  platform: text.default('linux/amd64').describe('"linux/amd64".'),
  size: count.default(0).describe('Bytes of all layers as they are transferred.'),
  layers: count.default(0).describe('Number of layers.'),
  created: text.default('').describe('RFC 3339; empty where it is not stated.'),
  age: days.optional().describe('Days since it was created; absent where that is not stated.'),
  user: text.default('').describe('The user as the configuration names it; empty: root.'),
  entrypoint: texts.default([]).describe('Its words.'),
  cmd: texts.default([]).describe('Its words.'),
  workdir: text.default('').describe('Working folder.'),
  stopSignal: text.default('').describe('The signal as the configuration names it.'),
  env: map.default({}).describe('Name to value.'),
  ports: texts.default([]).describe('Ports as the configuration has them: "8080/tcp".'),
  volumes: texts.default([]).describe('Paths.'),
  labels: map.default({}).describe('Name to value.'),
  annotations: map.default({}).describe('Of the manifest: name to value.'),
})

const scan = z.strictObject({
  judged: z.boolean().default(true).describe('False where there are no advisories to compare with.'),
  complete: z.boolean().default(true).describe('Whether everything was read and compared.'),
  packages: count.default(0).describe('Number of packages.'),
  day: text.default('').describe('The day of the advisories.'),
  gaps: texts.default([]).describe('What was not read or not compared, in sentences.'),
  stale: texts.default([]).describe('Ids of feeds that are older than allowed.'),
  ended: z.boolean().default(false).describe("Whether the release's support has ended."),
  endOfLife: text.optional().describe('Day of the end of support; absent where it is not known.'),
})

const finding = z.strictObject({
  id: text.describe('The CVE where there is one.'),
  aliases: texts.default([]).describe('Its other names.'),
  title: text.default('').describe('What it is about.'),
  package: text.default('').describe('Name of the package.'),
  version: text.default('').describe('Installed version.'),
  type: text.default('').describe('Kind of package: "deb", "npm".'),
  purl: text.default('').describe('Package URL.'),
  paths: texts.default([]).describe('Where it is in the image.'),
  severity: z.enum(severities).default('unknown').describe('How bad it is.'),
  score: z.number().min(0).max(10).optional().describe('CVSS base score; absent where nobody gives one.'),
  kev: z.boolean().default(false).describe('Whether it is known to be exploited (CISA).'),
  epss: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('How likely it is to be exploited within 30 days; absent where it is not known.'),
  exposed: z
    .boolean()
    .default(true)
    .describe('False where its CVSS vector asks for access to the machine itself (AV:L, AV:P).'),
  fixable: z.boolean().default(false).describe('Whether a fixed version is known.'),
  fixed: texts.default([]).describe('Fixed versions, lowest first.'),
  malicious: z.boolean().default(false).describe('Whether the package was made to do harm.'),
  priority: z.enum(['urgent', 'high', 'medium', 'low']).default('medium').describe('How soon to look at it.'),
  age: days.optional().describe('Days since it was published; absent where that is not known.'),
  fixAge: days.optional().describe('Days since the fixed version came out; absent where that is not known.'),
})

const secret = z.strictObject({
  rule: text.describe('Which kind of secret it is.'),
  severity: z.enum(severities).default('high').describe('How bad it is.'),
  path: text.default('').describe('Where it is.'),
  deleted: z.boolean().default(false).describe('Whether a later layer deletes the file.'),
})

const violation = z.strictObject({
  rule: text.describe('Id of the rule.'),
  level: z.enum(levels).default('error').describe('How much it matters, as the rule itself says.'),
  subject: text.default('').describe('What breaks the rule.'),
  path: text.default('').describe('Where it is; empty where it has no path.'),
  layer: text.default('').describe('Diff id of the layer that brought it; empty where none did.'),
  found: text.default('').describe('What was found there.'),
  remedy: text.default('').describe('What to do about it.'),
})

const unjudgedRule = z.strictObject({
  rule: text.describe('Id of the rule.'),
  level: z.enum(levels).default('error').describe('How much it matters, as the rule itself says.'),
  why: text.default('nobody looked').describe('Why it could not be judged.'),
  remedy: text.default('have it checked').describe('What to do to have it judged.'),
})

const evidence = z.strictObject({
  type: text.describe('Predicate type.'),
  verified: z.boolean().default(true).describe('Whether a trusted signer signed it.'),
  reason: text.default('').describe('Why.'),
  signers: texts.default([]).describe('Ids of keys, and identities.'),
})

const many = 200_000

/** What a policy judges, as JSON: expressions read it, and examples are written in it. Every member is optional. */
export const inputSchema = z.strictObject({
  image: image.prefault({}).describe('The image itself.'),
  tier: z
    .union([z.enum(tiers), z.literal('')])
    .default('')
    .describe('Empty where it is not known.'),
  aspects: z.record(text, z.enum(tiers)).default({}).describe('Tier by aspect.'),
  scan: scan.prefault({}).describe('What the scan says about the image as a whole.'),
  findings: z.array(finding).max(many).default([]).describe('Vulnerabilities that nothing suppresses.'),
  secrets: z.array(secret).max(many).default([]).describe('Secrets in its layers.'),
  violations: z.array(violation).max(many).default([]).describe('What breaks rules.'),
  judged: texts.default([]).describe('Ids of the rules that were judged.'),
  unjudgedRules: z.array(unjudgedRule).max(10_000).default([]).describe('Rules that could not be judged.'),
  evidence: z.array(evidence).max(10_000).default([]).describe('What is attached to the image.'),
  unjudged: map.default({}).describe('What is not known ("rules", "tier", "scan", "evidence"), and why.'),
})

export type PolicyInput = z.output<typeof inputSchema>
export type ScanInput = z.output<typeof scan>
export type FindingInput = z.output<typeof finding>
export type SecretInput = z.output<typeof secret>
export type ViolationInput = z.output<typeof violation>

/** JSON Schema (2020-12) of what `inputSchema` describes. */
export function policyInputJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'What a Temper policy judges',
    ...z.toJSONSchema(inputSchema, { io: 'output', target: 'draft-2020-12' }),
  }
}
