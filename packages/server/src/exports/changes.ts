import type { Kysely } from 'kysely'
import type { ImageRow, Schema } from '../database/schema.ts'
import { findingsOf, type ImageFinding } from '../images/findings.ts'
import { packagesIn } from '../images/packages.ts'

/** The differences between an image and the one that had its tags before. */
export interface ImageChanges {
  readonly name: string
  readonly digest: string
  /** The digest of the previous image; null for the first. */
  readonly before: string | null
  readonly reason: string
  readonly packages: readonly PackageChange[]
  /** Findings that the previous image has and this one does not, and the other way round. */
  readonly fixed: readonly NamedFinding[]
  readonly found: readonly NamedFinding[]
  readonly breaks: readonly string[]
}

export interface PackageChange {
  readonly name: string
  readonly from: string | null
  readonly to: string | null
}

type NamedFinding = Pick<ImageFinding, 'advisory' | 'package' | 'severity'>

/** Says what changes with a digest, from the stored inventories. */
export async function changesOf(db: Kysely<Schema>, image: ImageRow): Promise<ImageChanges> {
  const { name, digest, reason, breaks } = image
  const before = await beforeOf(db, image)
  const [old, young] = [before === null ? [] : await versionsOf(db, before), await versionsOf(db, digest)]
  const [had, has] = [before === null ? [] : await findingsOf(db, before), await findingsOf(db, digest)]
  return {
    name,
    digest,
    before,
    reason,
    breaks,
    packages: before === null ? [] : compared(old, young),
    fixed: without(had, has),
    found: before === null ? [] : without(has, had),
  }
}

/** The newest image that was published before it under one of its tags, and was not taken back. */
async function beforeOf(
  db: Kysely<Schema>,
  { name, digest, published, tags }: ImageRow,
): Promise<string | null> {
  const earlier = await db
    .selectFrom('images')
    .select(['digest', 'tags'])
    .where('name', '=', name)
    .where('digest', '!=', digest)
    .where('published', '<', published)
    .where('withdrawn', 'is', null)
    .orderBy('published', 'desc')
    .limit(100)
    .execute()
  return earlier.find((each) => each.tags.some((tag) => tags.includes(tag)))?.digest ?? null
}

async function versionsOf(db: Kysely<Schema>, digest: string) {
  return await packagesIn(db, digest)
    .select(['packages.name', 'packages.type', 'packages.version'])
    .orderBy('packages.name')
    .orderBy('packages.version')
    .execute()
}

type Version = Awaited<ReturnType<typeof versionsOf>>[number]

function compared(old: readonly Version[], young: readonly Version[]): readonly PackageChange[] {
  const versions = (all: readonly Version[]) =>
    new Map(
      [...Map.groupBy(all, ({ type, name }) => `${name}\0${type}`)].map(([key, each]) => [
        key,
        each.map(({ version }) => version).join(', '),
      ]),
    )
  const [from, to] = [versions(old), versions(young)]
  return [...new Set([...from.keys(), ...to.keys()])]
    .sort()
    .filter((key) => from.get(key) !== to.get(key))
    .map((key) => ({
      name: key.slice(0, key.indexOf('\0')),
      from: from.get(key) ?? null,
      to: to.get(key) ?? null,
    }))
}

function without(some: readonly ImageFinding[], others: readonly ImageFinding[]): readonly NamedFinding[] {
  const known = new Set(others.map((each) => `${each.advisory} ${each.package}`))
  return some
    .filter((each) => !known.has(`${each.advisory} ${each.package}`))
    .map(({ advisory, package: name, severity }) => ({ advisory, package: name, severity }))
}

/** The same as Markdown, for release notes and merge requests. */
export function changeNotes({
  name,
  digest,
  before,
  reason,
  packages,
  fixed,
  found,
  breaks,
}: ImageChanges): string {
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`### ${title}`, '', ...lines.map((line) => `- ${line}`), '']
  const problem = (each: NamedFinding) => `${each.advisory} in ${plain(each.package)}, ${each.severity}`
  return [
    ...[`## ${name}@${digest}`, '', `${plain(reason)}.`, ''],
    ...(before === null ? [] : [`Before: \`${name}@${before}\``, '']),
    ...list('Repaired', fixed.map(problem)),
    ...list('New problems', found.map(problem)),
    ...list(
      'Packages',
      packages.map(
        ({ name: of, from, to }) => `${plain(of)} ${plain(from ?? 'new')} → ${plain(to ?? 'gone')}`,
      ),
    ),
    ...list('Taken away', breaks.map(plain)),
  ].join('\n')
}

/** Names and versions come from packages: nothing of them is markup. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#!|@]/g, (each) => `\\${each}`).replaceAll('\n', ' ')
}
