import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatPlatform } from '../../packages/temper/src/model/platform.ts'
import type { Recipe } from '../../packages/temper/src/model/recipe.ts'
import { readRecipe } from '../../packages/temper/src/recipe/read.ts'
import { inDockerfile, inside, notInside, writes } from './chapters.ts'
import { introduction } from './introduction.ts'
import { type Measure, megabytes, readMeasured } from './measured.ts'
import { type SupportedLine, supportTable } from './support.ts'
import { readTested, testedPage } from './tested.ts'

/** A page for each image of the catalogue, and one that lists them: path and text. */
export function catalogPages(root: string, notice: string): ReadonlyMap<string, string> {
  const folder = join(root, 'catalog')
  const measured = readMeasured(root)
  const images = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name): CatalogImage => {
      const text = readFileSync(join(folder, name, 'recipe.yaml'), 'utf8')
      const read = readRecipe(text, { file: `catalog/${name}/recipe.yaml` })
      const [platform] = read.recipe.platforms
      const known = measured[name] ?? {}
      const measure = platform && known[formatPlatform(platform)]
      return { name, text, ...read, measure, measuredFor: Object.keys(known) }
    })
  return new Map([
    ['docs/catalog/README.md', overview(images, notice)],
    ['docs/catalog/tested.md', testedPage(readTested(root), notice)],
    ...images.map((image) => [`docs/catalog/${image.name}.md`, page(image, notice)] as const),
  ])
}

interface CatalogImage {
  readonly name: string
  readonly text: string
  readonly recipe: Recipe
  readonly lines: readonly string[]
  readonly variants: readonly string[]
  /** Of its first platform; undefined for one that was never measured. */
  readonly measure: Measure | undefined
  /** Platforms that it was built and measured for: "linux/arm64". */
  readonly measuredFor: readonly string[]
}

function overview(images: readonly CatalogImage[], notice: string): string {
  const rows = images.map(({ name, recipe, lines, variants, measure }) => {
    const cells = [`[${name}](${name}.md)`, recipe.annotations['org.opencontainers.image.description'] ?? '']
    const which = [lines.join(', '), variants.join(', ')]
    if (measure === undefined) return [...cells, ...which, '', '', '', '']
    const { packages, size, unpacked, debian } = measure
    const numbers = [String(packages), megabytes(size), unpacked === undefined ? '' : megabytes(unpacked)]
    const theirs = debian === undefined ? '' : `${debian.packages}, ${megabytes(debian.unpacked)}`
    return [...cells, ...which, ...numbers, theirs]
  })
  const head = [
    'Image',
    'What it is',
    'Lines',
    'Variants',
    'Packages',
    'Compressed',
    'Unpacked',
    'Debian’s own',
  ]
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  return `${notice}
# Catalogue

Images whose recipes ship with Temper: \`temper build NAME\` makes them. All run as user 65532, with a read-only root file system
and a tmpfs at /tmp alone; what keeps data declares a volume for it. Each is tested in a container that is locked down like that;
[what came of it](tested.md) when they were built last.

${table.join('\n')}

## Who repairs them, and until when

An image is as its distribution has it, and repaired for as long as the release is; where that is longer than upstream's own support, it
is Debian's security team who brings repairs to it. Scans and \`temper assess\` go by the same days. Lines are chosen by
\`--line\`; images that are not listed have the one version of Debian 13, until 2030-06-30.

${supportTable(images.flatMap(linesOf))}

Sizes are those of linux/amd64 when they were measured last, compressed as they are pulled. "Debian’s own" is what apt would install of
Debian 13 for the same packages on top of the essential ones, without what is only recommended, and its size once unpacked.
`
}

function linesOf({ name, text, lines }: CatalogImage): readonly SupportedLine[] {
  const file = `catalog/${name}/recipe.yaml`
  return lines.map((line) => ({ image: name, line, recipe: readRecipe(text, { file, line }).recipe }))
}

function page(
  { name, text, recipe, lines, variants, measure, measuredFor }: CatalogImage,
  notice: string,
): string {
  const { contents, accounts, entrypoint, cmd, ports, volumes, platforms, hardening } = recipe
  const rows: (readonly [string, string])[] = [
    ['packages asked for', contents.packages.map((each) => code(each.name)).join(', ')],
    ['distribution', recipe.distribution],
    ['platforms', [...new Set([...platforms.map(formatPlatform), ...measuredFor])].join(', ')],
    ['runs as', code(accounts.runAs)],
    ['entry point', code(entrypoint.join(' '))],
    ['arguments', code(cmd.join(' '))],
    ['stop signal', recipe.stopSignal === undefined ? '' : code(recipe.stopSignal)],
    ['ports', ports.map(code).join(', ')],
    ['volumes', volumes.map(code).join(', ')],
    ['relaxed', hardening.allow.map(({ rule, why }) => `${code(rule)}: ${why}`).join('; ')],
    ['version lines', lines.map((line) => `${code(line)}: temper build ${name} --line ${line}`).join('; ')],
    [
      'variants',
      variants.map((variant) => `${code(variant)}: temper build ${name} --variant ${variant}`).join('; '),
    ],
    ['tests', testsOf(recipe, variants)],
  ]
  const table = rows.filter(([, value]) => value !== '').map(([label, value]) => `| ${label} | ${value} |`)
  const { text: words, chapters } = introduction(text)
  const more = new Map([
    ['What is inside', measure === undefined ? '' : inside(recipe, measure)],
    ['What is not', notInside(recipe, variants)],
    ['Where it writes', writes(recipe, name)],
    ['In a Dockerfile', inDockerfile(name, recipe, variants)],
    ...chapters,
  ])
  const parts = [...more].filter(([, body]) => body !== '').map(([head, body]) => `## ${head}\n\n${body}\n`)
  return `${notice}
# ${recipe.title ?? name}

${words}

| | |
| --- | --- |
${table.join('\n')}

<!-- not run: the tests of the catalogue build it -->
\`\`\`sh
temper build ${name} --tag registry.example/team/${name}:1 --push
\`\`\`

${parts.join('\n')}
The [recipe](../../catalog/${name}/recipe.yaml) is a start for one of your own: copy it, or begin with \`extends: ${name}\`, and see
[what a recipe may say](../reference/recipe.md).
`
}

function testsOf({ tests }: Recipe, variants: readonly string[]): string {
  if (tests.length > 0) return String(tests.length)
  return variants.length > 0
    ? `none: nothing in it can be started; those of ${code(variants.join(', '))} look at what both have`
    : 'none: nothing in it can be started'
}

function code(text: string): string {
  return text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``
}
