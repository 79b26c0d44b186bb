import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Bucket, boltFile } from './bolt-file.ts'
import { type OsvRecord, osvEntries } from './osv-entry.ts'

/** Trivy's buckets by OSV ecosystem (aquasecurity/trivy-db, pkg/vulnsrc). */
const languages: Readonly<Record<string, string>> = {
  PyPI: 'pip::Python',
  npm: 'npm::Node',
  Go: 'go::Go',
  RubyGems: 'rubygems::Ruby',
  Packagist: 'composer::PHP',
  Maven: 'maven::Java',
}

/** The version of its schema that Trivy asks for. */
const schemaVersion = 2

/**
 * Writes a database that Trivy reads with `--cache-dir FOLDER --skip-db-update --skip-java-db-update
 * --offline-scan`, holding just the given records.
 */
export async function writeTrivyDatabase(folder: string, records: readonly OsvRecord[]): Promise<void> {
  const vulnerabilities = new Map<string, Uint8Array>()
  const sources = new Map<string, Uint8Array>()
  const buckets = new Map<string, Map<string, Map<string, Uint8Array>>>()
  for (const { record, id, ecosystem, name, constraints, fixed } of osvEntries(records)) {
    const bucket = bucketOf(ecosystem)
    if (bucket === undefined) continue
    vulnerabilities.set(id, json({ Title: record.summary ?? id, Severity: 'UNKNOWN' }))
    sources.set(bucket, json({ ID: 'fixture', Name: 'fixture', URL: 'local' }))
    const packages = buckets.get(bucket) ?? new Map<string, Map<string, Uint8Array>>()
    buckets.set(bucket, packages)
    const advisories = packages.get(name) ?? new Map<string, Uint8Array>()
    packages.set(name, advisories)
    const ofLanguage = {
      VulnerableVersions: constraints.map((constraint) => constraint.replaceAll(',', ', ')),
      PatchedVersions: fixed,
    }
    advisories.set(id, json(bucket.includes('::') ? ofLanguage : { FixedVersion: fixed.at(-1) ?? '' }))
  }
  const root: Bucket = new Map<string, Bucket>([
    ['vulnerability', vulnerabilities],
    ['vulnerability-id', new Map([...vulnerabilities.keys()].map((id) => [id, json({})]))],
    ['data-source', sources],
    ...buckets,
  ])
  await mkdir(join(folder, 'db'), { recursive: true })
  await writeFile(join(folder, 'db/trivy.db'), boltFile(root))
  const now = Date.now()
  const times = {
    UpdatedAt: new Date(now),
    NextUpdate: new Date(now + 10 * 86_400_000),
    DownloadedAt: new Date(now),
  }
  await writeFile(join(folder, 'db/metadata.json'), json({ Version: schemaVersion, ...times }))
}

function bucketOf(ecosystem: string): string | undefined {
  const [family = '', release = ''] = ecosystem.split(':')
  if (family === 'Debian') return `debian ${release}`
  if (family === 'Alpine') return `alpine ${release.replace(/^v/, '')}`
  if (family === 'Wolfi') return 'wolfi'
  return languages[ecosystem]
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}
