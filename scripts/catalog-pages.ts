import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Recipe } from '../packages/temper/src/model/recipe.ts'
import { readRecipe } from '../packages/temper/src/recipe/read.ts'

/** A page for each image of the catalogue, and one that lists them: path and text. */
export function catalogPages(root: string, notice: string): ReadonlyMap<string, string> {
  const folder = join(root, 'catalog')
  const images = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name, 'recipe.yaml'), 'utf8')
      return { name, text, ...readRecipe(text, { file: `catalog/${name}/recipe.yaml` }) }
    })
  const list = images.map(({ name, recipe }) => `| [${name}](${name}.md) | ${about(recipe)} |`).join('\n')
  const intro = 'Images whose recipes ship with Temper: `temper build NAME` makes them.'
  return new Map([
    [
      'docs/catalog/README.md',
      `${notice}\n# Catalogue\n\n${intro}\n\n| Image | What it is |\n| --- | --- |\n${list}\n`,
    ],
    ...images.map((image) => [`docs/catalog/${image.name}.md`, page(image, notice)] as const),
  ])
}

function about({ annotations }: Recipe): string {
  return annotations['org.opencontainers.image.description'] ?? ''
}

interface CatalogImage {
  readonly name: string
  readonly text: string
  readonly recipe: Recipe
  readonly variants: readonly string[]
}

function page({ name, text, recipe, variants }: CatalogImage, notice: string): string {
  const { contents, accounts, entrypoint, cmd, ports, volumes, platforms, hardening, tests } = recipe
  const rows: (readonly [string, string])[] = [
    ['packages asked for', contents.packages.map((each) => code(each.name)).join(', ')],
    ['distribution', recipe.distribution],
    ['platforms', platforms.map(({ os, architecture }) => `${os}/${architecture}`).join(', ')],
    ['runs as', code(accounts.runAs)],
    ['entry point', code(entrypoint.join(' '))],
    ['arguments', code(cmd.join(' '))],
    ['ports', ports.map(code).join(', ')],
    ['volumes', volumes.map(code).join(', ')],
    ['relaxed', hardening.allow.map(({ rule, why }) => `${code(rule)}: ${why}`).join('; ')],
    [
      'variants',
      variants.map((variant) => `${code(variant)}: temper build ${name} --variant ${variant}`).join('; '),
    ],
    ['tests', tests.length === 0 ? 'none: nothing in it can be started' : String(tests.length)],
  ]
  const table = rows.filter(([, value]) => value !== '').map(([label, value]) => `| ${label} | ${value} |`)
  return `${notice}
# ${recipe.title ?? name}

${introduction(text)}

| | |
| --- | --- |
${table.join('\n')}

<!-- not run: the tests of the catalogue build it -->
\`\`\`sh
temper build ${name} --tag registry.example/team/${name}:1 --push
\`\`\`

The [recipe](../../catalog/${name}/recipe.yaml) is a start for one of your own: copy it, and see [what a recipe may say](../reference/recipe.md).
`
}

/** The comment that a recipe begins with; indented lines of it are commands. */
function introduction(text: string): string {
  const lines = text.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('#'))
  const words = lines.slice(0, end).map((line) => line.replace(/^# ?/, ''))
  return words
    .join('\n')
    .replaceAll(/(?:^ {2,}\S.*\n?)+/gm, (block) => {
      const commands = block.trimEnd().replaceAll(/^ {2}/gm, '')
      return `<!-- not run: needs a container runtime and the image -->\n\`\`\`sh\n${commands}\n\`\`\`\n`
    })
    .trim()
}

function code(text: string): string {
  return text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``
}
