import type { Explanation } from '../../../recipe/schema/explain.ts'
import type { CommandDefinition } from '../../program/command.ts'
import { table } from '../../report/table.ts'

export const command: CommandDefinition = {
  name: 'explain',
  summary: 'explain what a key of a recipe means',
  configure: (command) => {
    command.argument('[key]', 'path of the key, such as contents.files[].source (default: the recipe itself)')
  },
  examples: [
    { command: 'temper explain contents.packages', does: 'type, meaning and an example' },
    { command: 'temper explain steps', does: 'also what the entries of a list hold' },
    { command: 'temper explain', does: 'the keys of a recipe' },
  ],
  run: async ({ args }) => {
    const { explainKey } = await import('../../../recipe/schema/explain.ts')
    const explanation = explainKey(args[0] ?? '')
    return { json: { ...explanation }, text: () => explanationText(explanation) }
  },
}

function explanationText({ key, type, needed, description, example, fields }: Explanation): string {
  const head = key === '' ? [] : [`${key}: ${type}${needed ? ', needed' : ''}`, '', `  ${description}`, '']
  const shown = example === undefined ? [] : [`  Example: ${key.split('.').at(-1)}: ${example}`, '']
  const rows = fields.map(({ name, type: kind, description: what }) => [name, kind, firstSentence(what)])
  const list = rows.length === 0 ? '' : table(rows, [{}, {}, {}])
  return `${[...head, ...shown].join('\n')}${head.length > 0 && list !== '' ? '\n' : ''}${list}`
}

function firstSentence(text: string): string {
  return /^.*?[.:](?=\s|$)/.exec(text)?.[0].replace(/[.:]$/, '') ?? text
}
