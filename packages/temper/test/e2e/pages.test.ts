import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pageBlocks, tableCommands } from '../support/page-commands.ts'
import { PageWorld } from '../support/page-world.ts'
import { readRepositoryFile, repositoryFiles } from '../support/source-files.ts'

/* Every command of every page is run, or a comment before its block says why not. */

const written = repositoryFiles().filter(
  (path) => /^(?:docs\/.*|README|CONTRIBUTING|SECURITY)\.md$/.test(path) || path === 'README.md',
)
/** Made from the definitions of commands, whose examples are run one by one (examples.test.ts). */
const generated = ['docs/reference/cli.md', 'docs/reference/recipe.md']

let world: PageWorld
beforeAll(async () => {
  world = await PageWorld.make()
}, 600_000)
afterAll(() => world?.close())

async function runs(script: string, endsWith = 0): Promise<void> {
  const { code, output } = await world.run(script)
  expect(code, `${script}\n${output}`).toBe(endsWith)
}

const pages = written
  .filter((path) => !generated.includes(path))
  .map((path) => ({
    path,
    blocks: pageBlocks(readRepositoryFile(path)).filter(({ notRun: reason }) => reason === undefined),
    lines: tableCommands(readRepositoryFile(path)),
  }))
  .filter(({ blocks, lines }) => blocks.length + lines.length > 0)

describe.each(pages)('$path', ({ blocks, lines }) => {
  beforeAll(() => world.refresh())
  it.each(blocks)(
    'line $line',
    { timeout: 240_000 },
    async ({ script, endsWith }) => await runs(script, endsWith),
  )

  it.each(lines)('%s', { timeout: 240_000 }, async (line) => await runs(line))
})
