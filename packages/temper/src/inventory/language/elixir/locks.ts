import { itemsOf, memberOf } from '../../../base/json/value.ts'
import type { FileContent } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import {
  distinct,
  type FactNote,
  type LanguageFact,
  type PackageFact,
  packageFact,
  versionUnknown,
} from '../fact.ts'
import { parseTomlFile } from '../toml.ts'

/**
 * mix.lock: a map of Elixir's, an entry a line, `"name": {:hex, :package, "version", …}`; `{:git, "url", "commit", …}` has a commit in
 * place of a version. It does not tell what only development needs.
 */
export function readMixLock(file: FileContent): LanguageFact {
  return lockOf(
    file,
    /^\s*"[^"\n]{1,500}": *\{:(hex|git), *(?::"?|")([\w./:@-]{1,500})"?, *"([^"\s]{1,200})"/gm,
  )
}

/** rebar.lock: Erlang's terms, `{<<"name">>,{pkg,<<"package">>,<<"version">>…},0}`, or `{git,"url",{ref,"commit"}}`. */
export function readRebarLock(file: FileContent): LanguageFact {
  return lockOf(
    file,
    /\{(pkg|git),\s{0,20}(?:<<)?"([\w./:@-]{1,500})"(?:>>)?,\s{0,20}(?:<<|\{ref,)"([^"\s]{1,200})"/g,
  )
}

/** manifest.toml of Gleam: `packages`, each with its source; others have files of that name too. */
export async function readGleamManifest(file: FileContent): Promise<LanguageFact | undefined> {
  const packages = itemsOf(memberOf(await parseTomlFile(file.bytes, 'manifest.toml'), 'packages'))
  const gleams = packages.filter((each) => memberOf(each, 'build_tools') !== undefined)
  if (gleams.length === 0) return undefined
  const facts = gleams.map((each) =>
    memberOf(each, 'source') === 'hex'
      ? packageFact(memberOf(each, 'name'), memberOf(each, 'version'))
      : undefined,
  )
  const commits = gleams.filter((each) => memberOf(each, 'source') === 'git').length
  return { kind: 'lock', packages: distinct(facts), ...notesOn(commits) }
}

function lockOf(file: FileContent, entries: RegExp): LanguageFact {
  const facts: (PackageFact | undefined)[] = []
  let commits = 0
  for (const [, kind, name, version] of decodeText(file.bytes).matchAll(entries))
    if (kind === 'git') commits++
    else facts.push(packageFact(name, version))
  return { kind: 'lock', packages: distinct(facts), ...notesOn(commits) }
}

function notesOn(commits: number): { readonly notes?: readonly FactNote[] } {
  if (commits === 0) return {}
  const message = `${commits} of the dependencies are commits of repositories, which have no version: they were compared with nothing`
  return { notes: [{ code: versionUnknown, message }] }
}
