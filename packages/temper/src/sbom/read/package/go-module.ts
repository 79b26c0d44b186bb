import type { PackageUrl } from '../../../formats/purl/purl.ts'
import { joinedName, nativeName, type StatedName, spelled } from './native-name.ts'

/** A module as Go's advisories name it. */
export interface GoModule {
  readonly name: string
  readonly version?: string
}

/** Go's own library, by the names that tools give it. */
const libraries = new Set(['std', 'stdlib', 'go', 'golang'])

/**
 * The module that a purl of type golang means. Its subpath is a package inside the module (purl-spec, types), but
 * Syft also writes there what belongs to the path of the module itself:
 * "pkg:golang/github.com/nats-io/nats-server@v2.1.0#v2". So the name that the document states decides, and without
 * one a matching major version.
 */
export function goModule(purl: PackageUrl, stated: StatedName): GoModule {
  const base = nativeName('golang', purl, stated)
  const told = joinedName('golang', stated)
  const whole = purl.subpath === undefined ? base : `${base}/${purl.subpath}`
  const name = told?.toLowerCase() === whole.toLowerCase() ? spelled(whole, told) : withMajor(base, purl)
  return goTool(name, purl.version)
}

/**
 * Go's library and tools are "stdlib" and "toolchain" for its advisories; others call them "std" (cyclonedx-gomod)
 * and "golang.org/toolchain". The prefix of their versions and the experiments that Syft appends are dropped.
 */
export function goTool(name: string, version: string | undefined): GoModule {
  const known = (text: string | undefined) => (text === undefined ? {} : { version: text })
  if (name === 'golang.org/toolchain' || name === 'toolchain')
    return {
      name: 'toolchain',
      ...known(version?.replace(/^v0\.0\.1-go([^-]+?)(?:\.[a-z0-9]+-[a-z0-9]+)?$/, '$1')),
    }
  if (!libraries.has(name)) return { name, ...known(version) }
  return { name: 'stdlib', ...known(version?.replace(/^(?:go|v)(?=\d)/, '').replace(/[ +-]X:.*$/, '')) }
}

/** From version 2 on the path of a module ends in its major version (go.dev/ref/mod, "Major version suffixes"). */
function withMajor(base: string, { subpath, version }: PackageUrl): string {
  const [first = ''] = subpath?.split('/') ?? []
  const major = /^v(\d+)/.exec(version ?? '')?.[1]
  return major !== undefined && Number(major) >= 2 && first === `v${major}` ? `${base}/${first}` : base
}
