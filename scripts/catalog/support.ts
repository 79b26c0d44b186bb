import { releaseEnds } from '../../packages/temper/src/advisory/support/releases.ts'
import type { Recipe } from '../../packages/temper/src/model/recipe.ts'
import { runtimeEnds } from '../../packages/temper/src/rules/image/freshness/runtime-ends.ts'

/** A version line and the recipe that it makes; one line without a name where a recipe has one version alone. */
export interface SupportedLine {
  readonly image: string
  readonly line: string
  readonly recipe: Recipe
}

/** Runtimes that an image has as their makers build them, by the image's name: it is they who repair them. */
const makers: Readonly<Record<string, string>> = { node: 'Node.js' }

/** Whose repairs each line gets, and until which day: what scans and assessments go by. */
export function supportTable(lines: readonly SupportedLine[]): string {
  const rows = lines.map(({ image, line, recipe }) => {
    const [who, day] = support(image, line, recipe)
    return `| [${image}](${image}.md) | ${line} | ${who} | ${day} |`
  })
  return ['| Image | Line | Repaired by | Until |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function support(image: string, line: string, { distribution }: Recipe): readonly [who: string, day: string] {
  const maker = makers[image]
  const own = maker && runtimeEnds[maker]?.find(([release]) => release === line)
  const [, id = '', version = ''] = /^(.*)-([^-]*)$/.exec(distribution) ?? []
  const day = releaseEnds[id]?.find(([release]) => release === version)?.[1] ?? ''
  const name = `${id.slice(0, 1).toUpperCase()}${id.slice(1)} ${version}`
  return own === undefined || own === ''
    ? [name, day]
    : [`${maker}; the libraries by ${name} (${day})`, own[1]]
}
