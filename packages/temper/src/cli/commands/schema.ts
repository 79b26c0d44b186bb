import { Argument } from 'commander'
import { ownMember } from '../../base/own-member.ts'
import type { CommandDefinition } from '../program/command.ts'

type Schema = Readonly<Record<string, unknown>>

/** What has a schema; each is loaded when it is asked for. */
const schemas: Readonly<Record<string, () => Promise<Schema>>> = {
  recipe: async () => (await import('../../recipe/schema/json-schema.ts')).recipeJsonSchema(),
  scan: async () => (await import('../../report/json/schema.ts')).scanJsonSchema(),
  assess: async () => (await import('../../report/assessment/schema.ts')).assessmentJsonSchema(),
  ignore: async () => (await import('../../policy/ignore/schema.ts')).ignoreJsonSchema(),
  policy: async () => (await import('../../policy/file/schema.ts')).policyJsonSchema(),
  'policy-input': async () => (await import('../../policy/facts/schema.ts')).policyInputJsonSchema(),
}

export const command: CommandDefinition = {
  name: 'schema',
  summary:
    'print the JSON Schema of recipes, results of scans and assessments, ignore rules or policies, for editors and checkers',
  configure: (command) => {
    command.addArgument(
      new Argument('[what]', 'what to describe').choices(Object.keys(schemas)).default('recipe'),
    )
  },
  examples: [
    {
      command: 'temper schema > recipe.schema.json',
      does: 'for yaml-language-server: # yaml-language-server: $schema=…',
    },
    { command: 'temper schema scan', does: 'what "temper scan --json" prints' },
  ],
  run: async ({ args }) => {
    const [what = 'recipe'] = args
    const schema = (await ownMember(schemas, what)?.()) ?? {}
    return { json: schema, text: () => `${JSON.stringify(schema, undefined, 2)}\n`, kind: 'document' }
  },
}
