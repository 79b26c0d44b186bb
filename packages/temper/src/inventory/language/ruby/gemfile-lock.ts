import type { FileContent } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, type PackageFact, packageFact } from '../fact.ts'

/**
 * Gemfile.lock: below "GEM", "specs:" lists gems, indented by four spaces as "rack (2.2.3)", with what they need
 * below, indented by six. "GIT" lists copies of gems from repositories in the same way; "PATH" the project's own
 * parts, which are left out. The groups of the Gemfile are not in it.
 */
export function readGemfileLock(file: FileContent): LanguageFact {
  const found: { name: string; version: string; needs: string[] }[] = []
  let section = ''
  for (const line of decodeText(file.bytes).split('\n')) {
    if (line.length > 2000) continue
    if (/^[A-Z]/.test(line)) section = line.trim()
    if (section !== 'GEM' && section !== 'GIT') continue
    const [, name, version] = /^ {4}(\S+) \(([^)\s]+)\)\s*$/.exec(line) ?? []
    if (name !== undefined && version !== undefined) found.push({ name, version, needs: [] })
    const need = /^ {6}([^\s(]+)/.exec(line)?.[1]?.replace(/!$/, '')
    if (need !== undefined) found.at(-1)?.needs.push(need)
  }
  return { kind: 'lock', packages: distinct(found.map(gem)) }
}

/** "1.15.4-x86_64-linux" is 1.15.4 for a platform. */
function gem({
  name,
  version,
  needs,
}: {
  name: string
  version: string
  needs: string[]
}): PackageFact | undefined {
  const hyphen = version.indexOf('-')
  if (hyphen < 0) return packageFact(name, version, { needs })
  return packageFact(name, version.slice(0, hyphen), {
    needs,
    qualifiers: { platform: version.slice(hyphen + 1) },
  })
}
