import type { FileContent } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, type PackageFact, packageFact } from '../fact.ts'

/**
 * Gemfile.lock: below "GEM", "specs:" lists gems, indented by four spaces as "rack (2.2.3)", with what they need
 * below, indented by six. "GIT" lists copies of gems from repositories in the same way, below "remote:" and "revision:";
 * "PATH" the project's own parts, which are left out. The groups of the Gemfile are not in it.
 */
export function readGemfileLock(file: FileContent): LanguageFact {
  const gems: LockedGem[] = []
  let section = ''
  let origin: { remote?: string; revision?: string } = {}
  for (const line of decodeText(file.bytes).split('\n')) {
    if (line.length > 2000) continue
    if (/^[A-Z]/.test(line)) {
      section = line.trim()
      origin = {}
    }
    const [, key, value] = /^ {2}(remote|revision): (\S+)\s*$/.exec(line) ?? []
    if (key === 'remote' || key === 'revision') origin[key] = value ?? ''
    if (section !== 'GEM' && section !== 'GIT') continue
    const [, name, version] = /^ {4}(\S+) \(([^)\s]+)\)\s*$/.exec(line) ?? []
    const vcsUrl = section === 'GIT' ? `git+${origin.remote ?? ''}@${origin.revision ?? ''}` : undefined
    if (name !== undefined && version !== undefined)
      gems.push({ name, version, needs: [], ...(vcsUrl === undefined ? {} : { vcsUrl }) })
    const need = /^ {6}([^\s(]+)/.exec(line)?.[1]?.replace(/!$/, '')
    if (need !== undefined) gems.at(-1)?.needs.push(need)
  }
  return { kind: 'lock', packages: distinct(gems.map(gem)) }
}

interface LockedGem {
  readonly name: string
  readonly version: string
  readonly needs: string[]
  readonly vcsUrl?: string
}

/** "1.15.4-x86_64-linux" is 1.15.4 for a platform. */
function gem({ name, version, needs, vcsUrl }: LockedGem): PackageFact | undefined {
  if (vcsUrl !== undefined) return packageFact(name, version, { needs, qualifiers: { vcs_url: vcsUrl } })
  const hyphen = version.indexOf('-')
  if (hyphen < 0) return packageFact(name, version, { needs })
  return packageFact(name, version.slice(0, hyphen), {
    needs,
    qualifiers: { platform: version.slice(hyphen + 1) },
  })
}
