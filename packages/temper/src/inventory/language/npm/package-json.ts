import { isObject, itemsOf, type JsonObject, memberOf, membersOf, textOf } from '../../../base/json/value.ts'
import type { FileContent, FileHead } from '../../cataloguer.ts'
import { decodeText, parseJson } from '../document.ts'
import { type LanguageFact, packageFact } from '../fact.ts'
import { hasName } from '../language.ts'
import { aliased } from './package-lock.ts'

const packageRoot = /(^|\/)(node_modules|nodejs)\/(@[^/]+\/)?[^/]+\/package\.json$/
const insidePackage = /(^|\/)node_modules\//
/** Folders of a package that hold what its authors try it with. */
const trials =
  /\/(?:(?:__)?(?:tests?|specs?|fixtures?|mocks?)(?:__)?|examples?|samples?|benchmarks?|docs?|templates?)\//i

/**
 * Every `package.json` counts that names a version: in node_modules at the root of a package, and deeper where a package
 * brings copies of others; those deeper that only set a module type have no version, and test data is none. Outside of
 * node_modules it must not be private: programs such as yarn and whole applications are unpacked that way.
 */
export function isPackageJson({ path }: FileHead): boolean {
  if (!hasName(path, 'package.json')) return false
  if (packageRoot.test(path)) return true
  const inside = insidePackage.exec(path)
  return inside === null || !trials.test(path.slice(path.lastIndexOf('node_modules/')))
}

/** Whether a folder of a project holds what its authors try it with. */
export function isForTrials(folder: string): boolean {
  return trials.test(`/${folder}/`)
}

export function readPackageJson(file: FileContent): LanguageFact | undefined {
  const manifest = parseJson(decodeText(file.bytes), 'package.json')
  if (!isObject(manifest)) return undefined
  const isRoot = packageRoot.test(file.path)
  const needs = ['dependencies', 'optionalDependencies'].flatMap((key) => keysOf(manifest, key))
  const fact =
    !isRoot && memberOf(manifest, 'private') === true
      ? undefined
      : packageFact(memberOf(manifest, 'name'), memberOf(manifest, 'version'), {
          licence: licenceOf(manifest),
          supplier: authorOf(memberOf(manifest, 'author')),
          needs,
        })
  const project = isRoot || insidePackage.test(file.path) ? undefined : projectOf(manifest)
  if (fact === undefined) return project && { kind: 'wants', packages: [], ...project }
  return { kind: 'installed', packages: [fact], ...project }
}

/** What a project wants to run, which it says to the lock beside it or above. */
function projectOf(manifest: JsonObject): Pick<LanguageFact, 'wants' | 'hasMembers'> | undefined {
  const wants = ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((key) =>
    membersOf(memberOf(manifest, key)).map(([name, version]) => aliased(name, textOf(version)).name),
  )
  const hasMembers = memberOf(manifest, 'workspaces') !== undefined
  if (wants.length === 0 && keysOf(manifest, 'devDependencies').length === 0 && !hasMembers) return undefined
  return { wants, ...(hasMembers ? { hasMembers } : {}) }
}

function keysOf(manifest: JsonObject, key: string): string[] {
  return membersOf(memberOf(manifest, key)).map(([name]) => name)
}

/** An expression, or the older forms: an object with `type`, a list of such objects of which one may be chosen. */
export function licenceOf(manifest: JsonObject): string | undefined {
  const stated = memberOf(manifest, 'license')
  const licences = stated === undefined ? itemsOf(memberOf(manifest, 'licenses')) : [stated]
  const names = licences
    .map((licence) => (typeof licence === 'string' ? licence : memberOf(licence, 'type')))
    .filter((name) => typeof name === 'string')
  if (names.length < 2) return names[0]
  return names.join(' OR ')
}

function authorOf(author: unknown): string | undefined {
  const text = typeof author === 'string' ? author : memberOf(author, 'name')
  // "Name <mail> (page)"
  return typeof text === 'string' ? text.split(/[<(]/, 1)[0]?.trim() : undefined
}
