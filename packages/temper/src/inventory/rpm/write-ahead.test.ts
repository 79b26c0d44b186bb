import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { file } from '../fixtures/sample-tree.ts'
import { readImageInventory } from '../reading/image.ts'
import { rpmCataloguer } from './cataloguer.ts'

const place = 'usr/lib/sysimage/rpm/rpmdb.sqlite'
const release = file('etc/os-release', 'ID=fedora\nVERSION_ID=43\n')
let home = ''
let files = 0
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'temper-rpm-log-'))
})
afterAll(() => rmSync(home, { recursive: true }))

/** Headers of real packages. */
function headers(): readonly Uint8Array[] {
  const path = join(home, String(files++))
  const bytes = gunzipSync(
    readFileSync(new URL('../../formats/rpm/fixtures/rpmdb.sqlite.gz', import.meta.url)),
  )
  writeFileSync(path, bytes)
  const database = new DatabaseSync(path)
  const rows = database.prepare('SELECT blob FROM Packages ORDER BY hnum').all()
  database.close()
  return rows.map((row) => row['blob'] as Uint8Array)
}

type Change = (database: DatabaseSync) => void

/** A database that was closed after the first change, and the log that the second one left; without a first, all is in the log. */
function databases(first: Change | undefined, second: Change) {
  const path = join(home, String(files++))
  const open = () => {
    const database = new DatabaseSync(path)
    database.exec('PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0')
    return database
  }
  const create =
    'CREATE TABLE IF NOT EXISTS Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)'
  if (first !== undefined) {
    const database = open()
    database.exec(create)
    first(database)
    database.close()
  }
  const database = open()
  database.exec(create)
  second(database)
  const left = { bytes: readFileSync(path), log: readFileSync(`${path}-wal`) }
  const expected = database.prepare('SELECT count(*) AS count FROM Packages').get()?.['count']
  database.close()
  return { ...left, expected }
}

const insert =
  (...blobs: readonly Uint8Array[]): Change =>
  (database) => {
    const statement = database.prepare('INSERT INTO Packages (blob) VALUES (?)')
    for (const blob of blobs) statement.run(blob)
  }

async function inventoried(...layers: Parameters<typeof sampleImage>[0]) {
  const { components, notes } = await readImageInventory(sampleImage(layers), {
    cataloguers: [rpmCataloguer],
  })
  return {
    names: components.map(({ name, version }) => `${name} ${version}`),
    notes: notes.map(({ code }) => code),
  }
}

describe('the log of changes beside a database of packages', () => {
  test('has the packages that were installed last', async () => {
    const all = headers()
    const whole = await inventoried([release, file(place, databases(insert(...all), () => {}).bytes)])
    expect(whole.names.length).toBeGreaterThan(1)
    const half = Math.ceil(all.length / 2)
    const { bytes, log } = databases(insert(...all.slice(0, half)), insert(...all.slice(half)))
    expect(await inventoried([release, file(place, bytes), file(`${place}-wal`, log)])).toEqual({
      ...whole,
      notes: [],
    })
    // In layers of their own as well.
    expect(await inventoried([release, file(place, bytes)], [file(`${place}-wal`, log)])).toEqual({
      ...whole,
      notes: [],
    })
  })

  test('has all of them when nothing was ever moved into the database', async () => {
    const all = headers()
    const whole = await inventoried([release, file(place, databases(insert(...all), () => {}).bytes)])
    const { bytes, log } = databases(undefined, insert(...all))
    expect(await inventoried([release, file(place, bytes), file(`${place}-wal`, log)])).toEqual({
      ...whole,
      notes: [],
    })
    expect(await inventoried([release, file(`${place}-wal`, log)])).toEqual({ ...whole, notes: [] })
  })

  test('has those no longer that were removed, and many that moved to other pages', async () => {
    const all = headers()
    const many = Array.from({ length: 40 }, () => all).flat()
    const { bytes, log } = databases(insert(...many), (database) => {
      database.exec(`DELETE FROM Packages WHERE hnum > ${all.length}`)
      database.exec('DELETE FROM Packages WHERE hnum = 1')
    })
    const rest = await inventoried([release, file(place, databases(insert(...all.slice(1)), () => {}).bytes)])
    expect(await inventoried([release, file(place, bytes), file(`${place}-wal`, log)])).toEqual({
      ...rest,
      notes: [],
    })
  })

  test('is told where it cannot be read, or leaves a gap', async () => {
    const all = headers()
    const { bytes } = databases(insert(...all), () => {})
    const before = await inventoried([release, file(place, bytes)])
    const garbage = await inventoried([release, file(place, bytes), file(`${place}-wal`, 'changes')])
    expect(garbage).toEqual({ ...before, notes: ['database-incomplete'] })
    // Its root is on pages that the small one does not have.
    const many = Array.from({ length: 300 }, () => all).flat()
    const { log } = databases(insert(...many), (database) =>
      database.exec('DELETE FROM Packages WHERE hnum < 300'),
    )
    const other = await inventoried([release, file(place, bytes), file(`${place}-wal`, log)])
    expect(other).toEqual({ ...before, notes: ['database-incomplete'] })
  })
})
