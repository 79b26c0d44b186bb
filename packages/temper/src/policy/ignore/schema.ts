import * as z from 'zod'

const pattern = z.string().min(1).max(500)

/** Whether a text is a day that exists. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

const rule = z
  .strictObject({
    id: pattern.optional().describe('Id or alias of a finding (CVE-2024-1234), or the rule of a secret.'),
    package: pattern
      .optional()
      .describe(
        'Name of a package or of its source package; "*" stands for any run of characters but "/", "**" for any at all.',
      ),
    path: pattern
      .optional()
      .describe('Where the package is in the image, without leading slash; with "*" and "**".'),
    purl: pattern
      .optional()
      .describe(
        'Package URL, with "*" and "**"; without "@" it fits every version, without "?" any qualifiers.',
      ),
    reason: z.string().trim().min(1).max(2000).describe('Why this need not count: shown in every report.'),
    expires: z
      .string()
      .refine(isDay, { params: { expected: 'a day as YYYY-MM-DD' } })
      .meta({ format: 'date' })
      .optional()
      .describe('Last day on which the rule counts (UTC). Without it the rule never ends.'),
  })
  .refine(({ id, package: name, path, purl }) => [id, name, path, purl].some((each) => each !== undefined), {
    params: { expected: 'one of id, package, path and purl' },
  })

export const ignoreSchema = z.strictObject({
  ignore: z.array(rule).max(10_000).describe('Rules; a finding that one of them fits is suppressed.'),
})

/** JSON Schema (2020-12) of ignore files, for editors. */
export function ignoreJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Temper ignore rules',
    ...z.toJSONSchema(ignoreSchema, { io: 'input', target: 'draft-2020-12' }),
  }
}
