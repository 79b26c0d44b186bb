import { sha256 } from '../../../base/digest.ts'
import type { Stanza } from '../../../formats/deb822.ts'
import type { IndexedPackage } from '../../../model/package/package.ts'
import { multiArchOf, sourceOf } from '../index/record.ts'
import { parseDependencies, parseRequirements } from '../packages/relation.ts'

/** What a stanza of the status file says about its package. Errors: `bad-index`. */
export function describeStanza(
  stanza: Stanza,
  identity: Pick<IndexedPackage, 'name' | 'version' | 'architecture'>,
  text: string,
): IndexedPackage {
  const field = (name: string) => stanza.get(name) ?? ''
  const where = (title: string) => `${title} of ${identity.name}, as installed`
  const size = field('Installed-Size')
  return {
    ...identity,
    source: sourceOf(field('Source'), identity.name, identity.version),
    digest: sha256(text),
    size: 0,
    installedSize: /^\d{1,12}$/.test(size) ? Number(size) * 1024 : 0,
    origin: { repository: '', suite: '', component: '', location: '' },
    depends: parseDependencies(field('Depends'), where('Depends')),
    preDepends: parseDependencies(field('Pre-Depends'), where('Pre-Depends')),
    provides: parseRequirements(field('Provides'), where('Provides')),
    conflicts: parseRequirements(field('Conflicts'), where('Conflicts')),
    breaks: parseRequirements(field('Breaks'), where('Breaks')),
    replaces: parseRequirements(field('Replaces'), where('Replaces')),
    multiArch: multiArchOf(field('Multi-Arch')),
    providerRank: 0,
  }
}

/** `Conffiles` of the status file: lines of path, MD5 and perhaps "obsolete" or "remove-on-upgrade". */
export function conffilesOf(stanza: Stanza): ReadonlyMap<string, string> {
  const lines = (stanza.get('Conffiles') ?? '').split('\n')
  return new Map(
    lines.flatMap((line) => {
      const [, path, sum] = /^\s*\/(\S+)\s+([0-9a-f]{32})(?:\s|$)/.exec(line) ?? []
      return path === undefined || sum === undefined ? [] : [[path, `md5:${sum}`] as const]
    }),
  )
}
