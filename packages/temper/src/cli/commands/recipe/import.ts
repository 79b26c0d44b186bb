import { resolve } from 'node:path'
import type { ImportedRecipe } from '../../../recipe/import/import.ts'
import { argument, textOption } from '../../options/option.ts'
import type { CommandDefinition, Outcome } from '../../program/command.ts'
import type { Style } from '../../style.ts'

export const command: CommandDefinition = {
  name: 'import',
  summary: 'make a recipe from an apko configuration, or from the definition of a Docker Hardened Image',
  configure: (command) => {
    command
      .argument(
        '<file>',
        'the configuration; files that it includes are looked up from the working folder or a folder above the file',
      )
      .option('-o, --output <file>', 'write the recipe here instead of printing it')
  },
  examples: [
    {
      command: 'temper import apko.yaml -o recipe.yaml',
      does: 'lists by line what a recipe cannot express, and why',
    },
    { command: 'temper import apko.yaml', does: 'prints the recipe' },
  ],
  run: async ({ args, options, host, say }) => {
    const file = argument(args, 0)
    const output = textOption(options, 'output')
    const { importFile } = await import('../../../recipe/import/load.ts')
    const { text, mapped, unmapped } = await importFile(file, { workingDir: host.workingDir })
    const toFile = output !== undefined && output !== '-'
    const json = { recipe: toFile ? output : text, mapped, unmapped }
    if (!toFile) {
      for (const { line, key, reason } of unmapped) say(`${file}:${line}: ${key}: ${reason}`)
      return { json, text: () => text, kind: 'document' } satisfies Outcome
    }
    const { writeFileAtomic } = await import('../../../base/file.ts')
    await writeFileAtomic(resolve(host.workingDir, output), text)
    return { json, text: (style) => summary({ file, output, mapped, unmapped }, style), kind: 'summary' }
  },
}

function summary(
  {
    file,
    output,
    mapped,
    unmapped,
  }: Omit<ImportedRecipe, 'text'> & { readonly file: string; readonly output: string },
  style: Style,
): string {
  const left = unmapped.map(({ line, key, reason }) => `  ${file}:${line}: ${key}: ${reason}\n`)
  const head = `${style.good('✓')} wrote ${output}: ${mapped} values taken over`
  return unmapped.length === 0 ? `${head}\n` : `${head}, ${unmapped.length} not\n${left.join('')}`
}
