import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type OsvEntry, type OsvRecord, osvEntries } from './osv-entry.ts'

/** Grype's ecosystems and version formats by OSV ecosystem (anchore/grype, grype/db/v6). */
const languages: Readonly<Record<string, readonly [ecosystem: string, format: string]>> = {
  PyPI: ['python', 'python'],
  npm: ['npm', 'semver'],
  Go: ['go-module', 'go'],
  RubyGems: ['gem', 'gem'],
  Packagist: ['php-composer', 'semver'],
  Maven: ['java-archive', 'maven'],
}

const codenames: Readonly<Record<string, string>> = { 11: 'bullseye', 12: 'bookworm', 13: 'trixie' }

/** The tables of schema 6 that Grype asks for; those that stay empty with the columns that it names. */
const schema = `
CREATE TABLE blobs (id integer PRIMARY KEY AUTOINCREMENT, value text NOT NULL);
CREATE TABLE db_metadata (build_timestamp datetime NOT NULL, model integer NOT NULL, revision integer NOT NULL, addition integer NOT NULL);
CREATE TABLE providers (id text PRIMARY KEY, version text, processor text, date_captured datetime, input_digest text);
CREATE TABLE vulnerability_handles (id integer PRIMARY KEY AUTOINCREMENT, name text NOT NULL, status text NOT NULL, published_date datetime, modified_date datetime, withdrawn_date datetime, provider_id text NOT NULL, blob_id integer);
CREATE TABLE vulnerability_aliases (name text, alias text NOT NULL, PRIMARY KEY (name, alias));
CREATE TABLE operating_systems (id integer PRIMARY KEY AUTOINCREMENT, name text, release_id text, major_version text, minor_version text, label_version text, codename text, channel text, eol_date datetime, eoas_date datetime);
CREATE TABLE packages (id integer PRIMARY KEY AUTOINCREMENT, ecosystem text, name text);
CREATE TABLE affected_package_handles (id integer PRIMARY KEY AUTOINCREMENT, vulnerability_id integer NOT NULL, operating_system_id integer, package_id integer, blob_id integer);
CREATE TABLE unaffected_package_handles (id integer PRIMARY KEY AUTOINCREMENT, vulnerability_id integer NOT NULL, operating_system_id integer, package_id integer, blob_id integer);
CREATE TABLE operating_system_specifier_overrides (alias text, version text, version_pattern text, codename text, channel text, replacement text, replacement_major_version text, replacement_minor_version text, replacement_label_version text, replacement_channel text, rolling numeric, applicable_client_db_schemas text);
CREATE TABLE cpes (id integer PRIMARY KEY AUTOINCREMENT, part text NOT NULL, vendor text, product text NOT NULL, edition text, language text, software_edition text, target_hardware text, target_software text, other text);
CREATE TABLE package_cpes (cpe_id integer, package_id integer, PRIMARY KEY (cpe_id, package_id));
CREATE TABLE package_specifier_overrides (ecosystem text, replacement_ecosystem text, PRIMARY KEY (ecosystem, replacement_ecosystem));
CREATE TABLE affected_cpe_handles (id integer PRIMARY KEY AUTOINCREMENT, vulnerability_id integer NOT NULL, cpe_id integer, blob_id integer);
CREATE TABLE unaffected_cpe_handles (id integer PRIMARY KEY AUTOINCREMENT, vulnerability_id integer NOT NULL, cpe_id integer, blob_id integer);
CREATE TABLE known_exploited_vulnerability_handles (id integer PRIMARY KEY AUTOINCREMENT, cve text NOT NULL, blob_id integer);
CREATE TABLE epss_handles (id integer PRIMARY KEY AUTOINCREMENT, cve text NOT NULL, epss real NOT NULL, percentile real NOT NULL);
CREATE TABLE epss_metadata (date datetime NOT NULL);
CREATE TABLE cwe_handles (id integer PRIMARY KEY AUTOINCREMENT, cve text NOT NULL, cwe text NOT NULL, source text, type text);
INSERT INTO operating_system_specifier_overrides (alias, version, replacement, replacement_label_version, rolling) VALUES ('wolfi', '', '', 'rolling', 1);
`

/**
 * Writes `vulnerability.db` of Grype's schema 6 into a folder, holding just the given records. Grype takes it by
 * `grype db import` of a tar archive with that file, with GRYPE_DB_AUTO_UPDATE=false and
 * GRYPE_DB_VALIDATE_AGE=false. Returns its path.
 */
export function writeGrypeDatabase(folder: string, records: readonly OsvRecord[]): string {
  const path = join(folder, 'vulnerability.db')
  const database = new DatabaseSync(path)
  try {
    database.exec(schema)
    database.exec('BEGIN')
    new Writer(database).write(osvEntries(records))
    database.exec('COMMIT')
  } finally {
    database.close()
  }
  return path
}

class Writer {
  readonly #database: DatabaseSync
  readonly #now = new Date().toISOString().replace('T', ' ').replace('Z', '+00:00')
  readonly #ids = new Map<string, number>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  write(entries: readonly OsvEntry[]): void {
    this.#insert('db_metadata', { build_timestamp: this.#now, model: 6, revision: 1, addition: 4 })
    const captured = { date_captured: this.#now, input_digest: 'sha256:0' }
    this.#insert('providers', { id: 'fixture', version: '1', processor: 'fixture', ...captured })
    for (const entry of entries) this.#writeEntry(entry)
  }

  #writeEntry(entry: OsvEntry): void {
    const target = targetOf(entry.ecosystem)
    if (target === undefined) return
    const { ecosystem, format, system } = target
    const ranges = entry.constraints.map((constraint, i) => ({
      version: { type: format, constraint },
      fix:
        entry.fixed[i] === undefined ? { state: 'not-fixed' } : { version: entry.fixed[i], state: 'fixed' },
    }))
    this.#insert('affected_package_handles', {
      vulnerability_id: this.#vulnerability(entry),
      operating_system_id: system === undefined ? null : this.#once('operating_systems', system),
      package_id: this.#once('packages', { ecosystem, name: entry.name }),
      blob_id: this.#blob({ cves: [entry.id], ranges }),
    })
  }

  #vulnerability({ id, record }: OsvEntry): number {
    const known = this.#ids.get(`vulnerability ${record.id}`)
    if (known !== undefined) return known
    const severities = (record.severity ?? []).map(({ score }) => ({
      scheme: 'CVSS',
      value: { vector: score },
      rank: 1,
    }))
    const { aliases = [], summary = '' } = record
    const made = this.#insert('vulnerability_handles', {
      name: id,
      status: 'active',
      published_date: this.#now,
      modified_date: this.#now,
      provider_id: 'fixture',
      blob_id: this.#blob({ id, description: summary, aliases, severities }),
    })
    for (const alias of aliases)
      this.#database
        .prepare('INSERT OR IGNORE INTO vulnerability_aliases (name, alias) VALUES (?, ?)')
        .run(id, alias)
    this.#ids.set(`vulnerability ${record.id}`, made)
    return made
  }

  #once(table: string, row: Readonly<Record<string, string>>): number {
    // Grype's own indices take names of other case for the same.
    const key = `${table} ${JSON.stringify(row).toLowerCase()}`
    const id = this.#ids.get(key) ?? this.#insert(table, row)
    this.#ids.set(key, id)
    return id
  }

  #blob(value: unknown): number {
    return this.#insert('blobs', { value: JSON.stringify(value) })
  }

  #insert(table: string, row: Readonly<Record<string, string | number | null>>): number {
    const columns = Object.keys(row)
    const places = columns.map(() => '?').join(', ')
    const statement = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`
    return Number(this.#database.prepare(statement).run(...Object.values(row)).lastInsertRowid)
  }
}

interface Target {
  readonly ecosystem: string
  readonly format: string
  readonly system?: Readonly<Record<string, string>>
}

function targetOf(osv: string): Target | undefined {
  const [family = '', release = ''] = osv.split(':')
  const empty = { minor_version: '', label_version: '', codename: '', channel: '' }
  if (family === 'Debian') {
    const system = { name: 'debian', release_id: 'debian', major_version: release, ...empty }
    return { ecosystem: 'deb', format: 'dpkg', system: { ...system, codename: codenames[release] ?? '' } }
  }
  if (family === 'Alpine') {
    const [major = '', minor = ''] = release.replace(/^v/, '').split('.')
    const system = { name: 'alpine', release_id: 'alpine', major_version: major, ...empty }
    return { ecosystem: 'apk', format: 'apk', system: { ...system, minor_version: minor } }
  }
  if (family === 'Wolfi') {
    const system = {
      name: 'wolfi',
      release_id: 'wolfi',
      major_version: '',
      ...empty,
      label_version: 'rolling',
    }
    return { ecosystem: 'apk', format: 'apk', system }
  }
  const [ecosystem, format] = languages[osv] ?? []
  return ecosystem === undefined || format === undefined ? undefined : { ecosystem, format }
}
