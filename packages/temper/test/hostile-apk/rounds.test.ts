import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { signedAgain } from './archive.ts'
import { type HostileKind, hostileRounds, keys, tryHostile } from './rounds.ts'

it('indices, packages and databases of apk that mean harm are taken or refused with one clear error', async () => {
  const { faults, outcomes } = await hostileRounds({ rounds: 800, seed: 20260601 })
  expect(faults.slice(0, 5)).toEqual([])
  // A fuzzer that only ever meets the first check shows nothing.
  expect(Object.keys(outcomes)).toEqual(
    expect.arrayContaining([
      ...['index bad-archive', 'index bad-index', 'index signature-invalid', 'index taken'],
      ...['package bad-archive', 'package taken', 'database taken'],
    ]),
  )
})

it('what once broke a promise keeps it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'temper-hostile-'))
  try {
    const crashes = new URL('crashes/', import.meta.url)
    const names = await readdir(crashes)
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) {
      const kept = Buffer.from(await readFile(new URL(name, crashes), 'utf8'), 'base64')
      const [kind] = name.split('-')
      const bytes = kind === 'index' ? signedAgain(kept, keys) : kept
      expect([name, (await tryHostile(kind as HostileKind, bytes, { folder })).problem]).toEqual([
        name,
        undefined,
      ])
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})
