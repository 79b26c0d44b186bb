import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { solve } from '../../src/assemble/solve/solve.ts'
import { debianRules } from '../../src/distro/debian/packages/rules.ts'
import { anywhere, debianIndex } from './debian-index.ts'

/*
 * A piece of Debian 13, and what its own apt chooses from it; written by `npm run long -- apt --keep`, which compares far
 * more where there is an apt.
 */

const { plans, packages } = JSON.parse(readFileSync(new URL('debian-13.json', import.meta.url), 'utf8')) as {
  readonly plans: Readonly<Record<string, readonly string[]>>
  readonly packages: readonly string[]
}
const index = await debianIndex(packages.map((text) => `${text}${anywhere}`).join(''))

/** Alternatives that apt takes although one of them is there already, or comes along for another reason. */
const spared: Readonly<Record<string, readonly string[]>> = {
  certbot: ['python3-typing-extensions'],
  davmail: ['cron', 'cron-daemon-common', 'sensible-utils'],
}

it.each(Object.keys(plans))('%s brings what apt brings', (name) => {
  const { packages: chosen } = solve([{ name, excluded: false }], index, {
    architecture: 'amd64',
    rules: debianRules,
  })
  const ours = chosen.map(({ package: candidate }) => `${candidate.name} ${candidate.version}`).sort()
  const theirs = (plans[name] ?? []).filter(
    (each) => !(spared[name] ?? []).includes(each.split(' ')[0] ?? ''),
  )
  expect(ours).toEqual([...theirs].sort())
})
