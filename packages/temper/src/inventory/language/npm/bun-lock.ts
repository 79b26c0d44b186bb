import { itemsOf, memberOf, membersOf, textOf } from '../../../base/json/value.ts'
import type { FileContent } from '../../cataloguer.ts'
import { decodeText, parseJson } from '../document.ts'
import { distinct, type LanguageFact, type PackageFact, packageFact } from '../fact.ts'
import { aliased } from './package-lock.ts'
import { reachable } from './projects.ts'

/**
 * bun.lock: JSON with trailing commas; `packages` gives each as ["name@version", …], `workspaces` what the project and
 * its members want. What only their devDependencies lead to is left out.
 */
export function readBunLock(file: FileContent): LanguageFact {
  const lock = parseJson(withoutTrailingCommas(decodeText(file.bytes)), 'bun.lock')
  const entries = membersOf(memberOf(lock, 'packages')).map(([key, entry]) => ({
    key,
    fact: resolved(entry),
  }))
  // An alias is wanted by the name that it is listed under.
  const names = new Map(entries.flatMap(({ key, fact }) => (fact === undefined ? [] : [[key, fact.name]])))
  const wanted = membersOf(memberOf(lock, 'workspaces')).flatMap(([, project]) =>
    namesIn(project).map((name) => names.get(name) ?? name),
  )
  const all = distinct(entries.map(({ fact }) => fact))
  const packages = reachable(all, wanted)
  return { kind: 'lock', packages, development: all.length - packages.length }
}

/** "name@workspace:…" and "name@github:…" are not of the registry. */
function resolved(entry: unknown): PackageFact | undefined {
  const text = textOf(itemsOf(entry)[0]) ?? ''
  const at = text.indexOf('@', 1)
  const version = text.slice(at + 1)
  if (at < 0 || version.includes(':')) return undefined
  return packageFact(text.slice(0, at), version, { needs: namesIn(itemsOf(entry)[2]) })
}

function namesIn(project: unknown): string[] {
  return ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((key) =>
    membersOf(memberOf(project, key)).map(([name, range]) => aliased(name, textOf(range)).name),
  )
}

/** Strings are skipped whole, also one that has no end; a comma that only white space parts from a closing bracket is left out. */
function withoutTrailingCommas(text: string): string {
  return text.replace(/"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|,(?=\s*[}\]])/g, (match) =>
    match === ',' ? '' : match,
  )
}
