import type { CommandDefinition } from '../command.ts'

export const command: CommandDefinition = {
  name: 'schema',
  summary: 'print the JSON Schema of recipes, for editors and checkers',
  configure: () => {},
  examples: [
    {
      command: 'temper schema > recipe.schema.json',
      does: 'for yaml-language-server: # yaml-language-server: $schema=…',
    },
  ],
  run: async () => {
    const { recipeJsonSchema } = await import('../../recipe/json-schema.ts')
    const schema = recipeJsonSchema()
    return { json: schema, text: () => `${JSON.stringify(schema, undefined, 2)}\n` }
  },
}
