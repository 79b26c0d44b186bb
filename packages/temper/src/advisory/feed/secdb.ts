import { type ByteStream, collect } from '../../base/bytes.ts'
import { itemsOf, type JsonObject, memberOf, objectOf, textOf } from '../../base/json/value.ts'
import type { AffectedPackage } from '../../model/advisory/advisory.ts'
import type { FeedItem } from '../feed-item.ts'
import { parseDocument } from './document.ts'
import { isName } from './name.ts'

const sizeLimit = 128 * 1024 * 1024
const fixLimit = 100_000

/**
 * The security database of an apk repository (Alpine's, Wolfi's, Chainguard's secdb): packages with the problems that
 * each version fixes. Version "0" lists what never affected the package.
 */
export async function* secdb(source: ByteStream, what: string): AsyncGenerator<FeedItem, void, void> {
  const document = parseDocument(await collect(source, { limit: sizeLimit, what }), what)
  const ecosystem = ecosystemOf(document)
  const repository = memberOf(document, 'reponame')
  // Without the repository's name it is not said what it is the list of.
  if (isName(repository))
    yield { kind: 'list', ...(ecosystem.startsWith('Alpine:') ? { part: repository } : {}) }
  const problems = new Map<string, AffectedPackage[]>()
  for (const each of itemsOf(memberOf(document, 'packages'))) {
    const about = objectOf(objectOf(each)?.['pkg'])
    const name = about && memberOf(about, 'name')
    const fixes = about && objectOf(memberOf(about, 'secfixes'))
    if (!isName(name) || fixes === undefined) {
      yield { kind: 'skipped', where: what, reason: 'a package has no name or no fixes' }
      continue
    }
    for (const [version, list] of Object.entries(fixes).slice(0, fixLimit)) {
      if (!isName(version)) continue
      for (const id of idsOf(list)) {
        const affected = problems.get(id) ?? []
        affected.push(fixedIn({ ecosystem, name }, version))
        problems.set(id, affected)
      }
    }
  }
  for (const [id, affected] of problems)
    yield { kind: 'advisory', advisory: advisory(id, ecosystem, affected) }
}

function advisory(id: string, ecosystem: string, affected: readonly AffectedPackage[]) {
  const family = ecosystem.split(':')[0] ?? ecosystem
  const isCve = /^CVE-\d/.test(id)
  const references = isCve && family === 'Alpine' ? [`https://security.alpinelinux.org/vuln/${id}`] : []
  return {
    id: isCve ? `${family.toUpperCase()}-${id}` : id,
    aliases: isCve ? [id] : [],
    severity: [],
    affected,
    references,
  }
}

function fixedIn(
  about: { readonly ecosystem: string; readonly name: string },
  version: string,
): AffectedPackage {
  if (version === '0') return { ...about, ranges: [], versions: [], notAffected: true }
  const events = [{ introduced: '0' }, { fixed: version }]
  return { ...about, ranges: [{ scheme: 'apk', events }], versions: [] }
}

/** Entries may hold several ids, and remarks: "CVE-2019-1 XSA-2 (+ regression)". */
function idsOf(list: unknown): readonly string[] {
  const ids = itemsOf(list).flatMap((text) =>
    typeof text === 'string' ? text.slice(0, 500).split(/[\s,]+/) : [],
  )
  return [...new Set(ids.filter((id) => /^[A-Z][A-Z0-9]*(?:-[A-Za-z0-9]+)+$/.test(id) && id.length < 100))]
}

function ecosystemOf(document: JsonObject): string {
  const release = textOf(memberOf(document, 'distroversion'))
  if (release !== undefined && /^(?:v\d+\.\d+|edge)$/.test(release)) return `Alpine:${release}`
  const prefix = textOf(memberOf(document, 'urlprefix')) ?? ''
  return memberOf(document, 'reponame') === 'chainguard' || prefix.includes('cgr.dev')
    ? 'Chainguard'
    : 'Wolfi'
}
