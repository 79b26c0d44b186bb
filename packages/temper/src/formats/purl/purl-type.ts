import { ownMember } from '../../base/own-member.ts'
import { formatPurl, type PackageUrl } from './purl.ts'

/** Types whose namespace and name are compared without case, and therefore written in lower case. */
const caseless = new Set([
  'apk',
  'bitbucket',
  'bitnami',
  'composer',
  'deb',
  'github',
  'githubactions',
  'golang',
  'hex',
  'pub',
])

/** The form in which PyPI names are compared (PEP 503). */
export function normalPythonName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-')
}

/**
 * A package URL in the form that its type requires (purl-spec, types/*-definition.json): what a type compares without
 * regard to case is in lower case, and Python names are normalised. npm names stay as they are, since old ones with
 * capitals are packages of their own.
 */
export function normalPurl(parts: PackageUrl): PackageUrl {
  const { type, namespace, name } = parts
  if (type === 'pypi') return { ...parts, name: normalPythonName(name) }
  if (type === 'rpm')
    return namespace === undefined ? parts : { ...parts, namespace: namespace.toLowerCase() }
  if (!caseless.has(type)) return parts
  return {
    ...parts,
    ...(namespace === undefined ? {} : { namespace: namespace.toLowerCase() }),
    name: name.toLowerCase(),
  }
}

/** What stands between namespace and name where an ecosystem writes both as one. */
const separators: Readonly<Record<string, string>> = {
  npm: '/',
  elm: '/',
  golang: '/',
  composer: '/',
  swift: '/',
  github: '/',
  githubactions: '/',
  terraform: '/',
  maven: ':',
}

/** The package URL for a name in the form of its ecosystem: "@babel/core", "github.com/a/b", "org.slf4j:slf4j-api". */
export function purlOf(
  type: string,
  named: { readonly name: string; readonly version?: string; readonly subpath?: string },
  qualifiers: PackageUrl['qualifiers'] = {},
): string {
  const separator = ownMember(separators, type)
  const cut = separator === undefined ? -1 : named.name.lastIndexOf(separator)
  const namespace = cut <= 0 ? undefined : named.name.slice(0, cut)
  return formatPurl(
    normalPurl({
      type,
      ...(namespace === undefined ? {} : { namespace }),
      name: named.name.slice(cut + 1),
      ...(isVersion(named.version) ? { version: named.version } : {}),
      qualifiers,
      ...(named.subpath === undefined ? {} : { subpath: named.subpath }),
    }),
  )
}

/** Go's "(devel)" says that there is none. */
function isVersion(version: string | undefined): version is string {
  return version !== undefined && version !== '' && version !== '(devel)'
}

/** The reverse: the name that the ecosystem of a package URL uses. */
export function nativeName({ type, namespace, name }: PackageUrl): string {
  const separator = ownMember(separators, type)
  return namespace === undefined || separator === undefined ? name : `${namespace}${separator}${name}`
}
