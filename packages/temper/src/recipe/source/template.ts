import { tryUtf8 } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'

/** Bytes of a file with vars written out. */
const longest = 16 * 1024 * 1024

/**
 * A text file with the values of vars in the place of `${{vars.NAME}}`, as in a recipe; `$${{` stands for a literal
 * `${{`. Throws `bad-recipe`, which names the line, for a var that the recipe does not have and for a file that is
 * not text.
 */
export function filledIn(
  content: Uint8Array,
  { source, values }: { readonly source: string; readonly values: Readonly<Record<string, string>> },
): Uint8Array {
  const text = tryUtf8(content)
  if (text === undefined)
    throw new TemperError('bad-recipe', `The recipe's template ${source} is not UTF-8`, {
      hint: 'Only texts have vars: leave "template" out for others.',
    })
  let grown = text.length
  const filled = text.replaceAll(
    /(\$?)\$\{\{([^{}\n]{0,200})\}\}/g,
    (whole, dollar: string, inside: string, at: number) => {
      if (dollar !== '') return whole.slice(1)
      const name = /^\s*vars\.([A-Za-z_][A-Za-z0-9_.-]*)\s*$/.exec(inside)?.[1]
      if (name === undefined || !Object.hasOwn(values, name)) {
        const line = text.slice(0, at).split('\n').length
        throw new TemperError(
          'bad-recipe',
          `${source}:${line}: expected a var of the recipe, found ${JSON.stringify(whole.slice(0, 60))}`,
          {
            hint: `The recipe has ${Object.keys(values).slice(0, 10).join(', ') || 'no vars'}. Write $\${{ for a literal \${{.`,
          },
        )
      }
      const value = values[name] ?? ''
      grown += value.length
      if (grown > longest)
        throw new TemperError(
          'limit-exceeded',
          `The recipe's template ${source}: longer than ${longest} characters`,
        )
      return value
    },
  )
  return Buffer.from(filled)
}
