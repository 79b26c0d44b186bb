import { readFileSync } from 'node:fs'
import { copyFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseStanzas, type Stanza } from '../../../packages/temper/src/formats/deb822.ts'
import type { IndexedPackage } from '../../../packages/temper/src/model/package/package.ts'
import type { AptWorld } from './world.ts'

/** What the tests have of Debian 13: a piece of its index, and what its apt makes of it. */
const fixture = fileURLToPath(new URL('../../../packages/temper/test/solver/debian-13.json', import.meta.url))

/** Fields that decide what is chosen. */
const fields = [
  'Version',
  'Architecture',
  'Multi-Arch',
  'Pre-Depends',
  'Depends',
  'Provides',
  'Conflicts',
  'Breaks',
  'Priority',
] as const

/**
 * Writes the fixture for some packages: the stanzas of everything that apt and the alternatives of what it takes name, and
 * what apt chooses when it has nothing else.
 */
export async function keepFixture(names: readonly string[], world: AptWorld): Promise<void> {
  const wanted = new Set<string>()
  for (const name of names)
    for (const each of (await world.plan([name])) ?? []) wanted.add(each.split(' ')[0] ?? '')
  for (const name of [...wanted])
    for (const candidate of world.index.versions(name)) addNamed(wanted, candidate, world)
  const stanzas = parseStanzas(readFileSync(world.packages, 'utf8'), { what: 'Packages' })
  const kept = stanzas
    .filter((stanza) => wanted.has(stanza.get('Package') ?? ''))
    .map((stanza) => ({ name: stanza.get('Package') ?? '', text: shortened(stanza) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const all = `${world.packages}.all`
  await copyFile(world.packages, all)
  // Where it lies and what its digest is makes no difference, but has to be there.
  const place = (name: string) => `Filename: pool/${name}.deb\nSize: 1\nSHA256: ${'0'.repeat(64)}\n\n`
  await writeFile(world.packages, kept.map(({ name, text }) => `${text}${place(name)}`).join(''))
  const plans: Record<string, readonly string[] | undefined> = {}
  try {
    for (const name of names) plans[name] = await world.plan([name])
  } finally {
    await copyFile(all, world.packages)
    await rm(all)
  }
  const content = {
    from: `${world.version}, Debian 13 of ${world.date}`,
    plans,
    packages: kept.map(({ text }) => text),
  }
  await writeFile(fixture, `${JSON.stringify(content, undefined, 1)}\n`)
}

/** Everything that would do for a dependency, by name or by what it provides. */
function addNamed(wanted: Set<string>, candidate: IndexedPackage, { index }: AptWorld): void {
  for (const { name } of [...candidate.preDepends, ...candidate.depends].flat()) {
    if (index.versions(name).length > 0) wanted.add(name)
    const providers = [...new Set(index.providers(name).map((provider) => provider.name))]
    // Of names that dozens provide, some are enough to have a choice.
    for (const provider of providers.sort().slice(0, 4)) wanted.add(provider)
  }
}

function shortened(stanza: Stanza): string {
  const name = stanza.get('Package') ?? ''
  const lines = fields.flatMap((field) => {
    const value = stanza.get(field)
    return value === undefined ? [] : [`${field}: ${value}\n`]
  })
  return `Package: ${name}\n${lines.join('')}`
}
