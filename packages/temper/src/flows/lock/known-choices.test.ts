import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cleanUp } from '../../distro/debian/fixtures/mirror.ts'
import type { Context } from '../context.ts'
import { archiveContext, type SampleDeb, writeRecipe } from '../fixtures/sample-archive.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { type ChoiceInputs, KnownChoices } from './known-choices.ts'
import { loadTarget } from './recipe-target.ts'
import { resolve } from './resolve.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-choices-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))
afterAll(cleanUp)

const web: SampleDeb = {
  name: 'web',
  fields: { Depends: 'library' },
  files: { '/usr/share/web/file': 'a' },
}
const library = (version: string): SampleDeb => ({
  name: 'library',
  version,
  files: { '/usr/share/library/file': version },
})

/** Resolves "web" without its library; what was chosen before may answer. */
async function resolved(context: Context, more = '  without: [library]\n') {
  const told: string[] = []
  const progress = { ...context.progress, warn: (text: string) => void told.push(text) }
  const target = await writeRecipe(folder, { name: 'web', packages: ['web'], more })
  const inContext = { ...context, progress }
  const lock = await resolve(await loadTarget({ target }, inContext), inContext, { remembered: true })
  return { lock, told }
}

/** Leaves nothing to choose from but what was chosen. */
async function forgetPackages({ cacheDir }: Context): Promise<void> {
  for (const name of await readdir(cacheDir))
    if (/^(?:packages|contents|segments)/.test(name)) await rm(join(cacheDir, name), { recursive: true })
}

const made = async ({ cacheDir }: Context) =>
  (await readdir(cacheDir)).filter((name) => /^(?:packages|contents|segments)/.test(name))

describe('what was chosen before', () => {
  it('answers with the same, warnings too, and no package is read', async () => {
    const { context } = await archiveContext(folder, [web, library('1.0-1')])
    const first = await resolved(context)
    expect(first.told).toEqual(['web depends on library, which contents.without leaves out'])
    await forgetPackages(context)
    expect(await resolved(context)).toEqual(first)
    expect(await made(context)).toEqual([])
  })

  it('does not answer for another state of the archive', async () => {
    const before = await archiveContext(folder, [web, library('1.0-1')])
    const { lock } = await resolved(before.context, '')
    const after = await archiveContext(folder, [web, library('1.1-1')])
    const { lock: later } = await resolved(after.context, '')
    const versions = ({ platforms }: typeof lock) => platforms[0]?.packages.map(({ version }) => version)
    expect([versions(lock), versions(later)]).toEqual([
      ['1.0-1', '1.0-1'],
      ['1.1-1', '1.0-1'],
    ])
  })

  it.each<[string, Partial<Context>, string]>([
    ['recipe', {}, '  without: [library]\nlabels: { a: b }\n'],
    ['program', { program: () => 'another' }, '  without: [library]\n'],
    ['time of everything', { sourceDateEpoch: 1 }, '  without: [library]\n'],
  ])('does not answer for another %s', async (_, other, more) => {
    const { context } = await archiveContext(folder, [web, library('1.0-1')])
    await resolved(context)
    await forgetPackages(context)
    await resolved({ ...context, ...other }, more)
    expect(await made(context)).not.toEqual([])
  })

  it('does not answer for who makes a lock', async () => {
    const { context } = await archiveContext(folder, [web, library('1.0-1')])
    await resolved(context)
    await forgetPackages(context)
    await resolve(await loadTarget({ target: join(folder, 'web.yaml') }, context), context)
    expect(await made(context)).not.toEqual([])
  })
})

describe('a choice is kept', () => {
  const choice = {
    locked: { packages: [], pruned: [], effects: [], unmodelledEffects: [] },
    warnings: ['it was chosen'],
  }
  const inputs = (keep?: ReadonlyMap<string, string>): ChoiceInputs => ({
    architecture: 'amd64',
    suites: [],
    keep,
    compressor: { format: 'gzip', level: 4, definition: 'pako-3.0.3' },
  })
  async function world(more = '') {
    const context = sampleContext(folder)
    await writeFile(join(folder, 'requirements.txt'), '')
    const target = await writeRecipe(folder, { name: 'web', packages: ['web'], more })
    return { choices: new KnownChoices(context), target: await loadTarget({ target }, context) }
  }

  it('for the versions that stay, in whatever order they are named, and for no others', async () => {
    const { choices, target } = await world()
    await choices.put(
      target,
      inputs(
        new Map([
          ['a', '1'],
          ['b', '2'],
          ['c', '3'],
        ]),
      ),
      choice,
    )
    const known = async (...keep: readonly (readonly [string, string])[]) =>
      await choices.get(target, inputs(new Map(keep)))
    expect(await known(['c', '3'], ['a', '1'], ['b', '2'])).toEqual(choice)
    expect(await known(['b', '2'], ['c', '3'], ['a', '1'])).toEqual(choice)
    expect(await known(['a', '1'], ['b', '2'], ['c', '4'])).toBeUndefined()
    expect(await known(['a', '1'], ['b', '2'])).toBeUndefined()
    expect(await choices.get(target, inputs())).toBeUndefined()
  })

  it.each([
    ['runs steps', 'steps: [{ name: make, packages: [], run: make, outputs: [{ source: a, path: /a }] }]\n'],
    ['has dependencies', 'dependencies: [{ python: requirements.txt }]\n'],
    ['begins with a base', 'base: registry.example/team/base:1\n'],
  ])('but not for a recipe that %s', async (_, more) => {
    const { choices, target } = await world(more)
    await choices.put(target, inputs(), choice)
    expect(await choices.get(target, inputs())).toBeUndefined()
  })
})
