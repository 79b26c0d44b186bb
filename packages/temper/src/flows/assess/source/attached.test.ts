import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cleanUp } from '../../../distro/debian/fixtures/mirror.ts'
import type { AssessedFinding } from '../../../model/assess/assessment.ts'
import { build } from '../../build/build.ts'
import type { Context } from '../../context.ts'
import { archiveContext, writeRecipe } from '../../fixtures/sample-archive.ts'
import { generateKeyFiles } from '../../trust/generate-keys.ts'
import { assess } from '../assess.ts'

/* An image that Temper built carries its recipe, and which package brings which. */

let folder = ''
let context: Context
const more = `    - editor
hardening:
  allow:
    - rule: world-writable
      path: /usr/share/web/page
      why: everybody may write to the page
paths:
  - { type: permissions, path: /usr/share/web/page, permissions: 0o666 }
`
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-attached-'))
  ;({ context } = await archiveContext(folder, [
    { name: 'web', fields: { Depends: 'libweb' }, files: { '/usr/share/web/page': 'hello' } },
    { name: 'libweb', fields: { Depends: 'netcat' }, files: { '/usr/share/libweb/x': 'x' } },
    { name: 'netcat', files: { '/usr/bin/nc': '\u007fELF' } },
    { name: 'editor', files: { '/usr/bin/vi': '\u007fELF' } },
  ]))
  const target = await writeRecipe(folder, { name: 'site', packages: ['web'], more })
  await build({ target, layout: { path: join(folder, 'out') } }, context)
})
afterAll(async () => {
  await cleanUp()
  await rm(folder, { recursive: true, force: true })
})

async function lines(keys?: readonly string[]): Promise<ReadonlyMap<string, AssessedFinding['source']>> {
  const reference = { kind: 'oci', path: join(folder, 'out') } as const
  const trust = keys === undefined ? {} : { trust: { keys } }
  const { assessment } = await assess(
    { target: { kind: 'image', reference }, source: 'attached', ...trust },
    context,
  )
  return new Map(assessment.findings.map(({ rule, source }) => [rule, source]))
}

it('findings name the lines of the attached recipe', async () => {
  const byRule = await lines()
  const file = 'recipe.yaml'
  expect(byRule.get('editor')).toEqual({ file, line: 6, key: 'contents.packages[1]', change: 'change' })
  const brought = { file, line: 5, key: 'contents.packages[0]', change: 'change', brings: 'netcat' }
  expect(byRule.get('network-tool')).toEqual(brought)
  expect(byRule.get('world-writable')).toEqual({ file, line: 9, key: 'hardening.allow[0]', change: 'change' })
  const recipe = (await readFile(join(folder, 'site.yaml'), 'utf8')).split('\n')
  expect([recipe[5 - 1], recipe[6 - 1], recipe[9 - 1]]).toEqual([
    '    - web',
    '    - editor',
    '    - rule: world-writable',
  ])
})

it('a recipe that nobody vouches for is not followed where somebody is trusted', async () => {
  const request = { prefix: join(folder, 'key'), algorithm: 'ed25519', password: async () => '' } as const
  const { publicKey } = await generateKeyFiles(request, context)
  const byRule = await lines([publicKey])
  expect(byRule.has('editor')).toBe(true)
  expect(byRule.get('editor')).toBeUndefined()
})
