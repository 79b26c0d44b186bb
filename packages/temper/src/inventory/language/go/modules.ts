import { TemperError } from '../../../base/error.ts'
import { type PackageFact, packageFact } from '../fact.ts'
import type { BuildInfo } from './find-build-info.ts'

/** The version of a main module that was built from a working tree, and of modules replaced by a folder. */
export const develVersion = '(devel)'

/** Lines of what the linker wrote: real programs have a few hundred. */
const lineLimit = 200_000

interface Module {
  name: string
  version: string
}

/** What a program is made of: its main module, which needs the modules linked into it, and Go's own library as "stdlib". */
export function modulesOf(info: BuildInfo): PackageFact[] {
  const modules: Module[] = []
  const settings: string[] = []
  let main: Module | undefined
  const lines = info.modules.split('\n')
  if (lines.length > lineLimit)
    throw new TemperError(
      'limit-exceeded',
      `its list of modules has ${lines.length} lines, more than ${lineLimit}`,
    )
  for (const line of lines) {
    const [kind, name = '', version = ''] = line.split('\t')
    if (kind === 'mod' || kind === 'dep') {
      const one = { name, version: version === '' ? develVersion : version }
      if (kind === 'mod') main = one
      modules.push(one)
    } else if (kind === '=>') replace(modules.at(-1), name, version)
    else if (kind === 'build') settings.push(name)
  }
  if (main?.version === develVersion) main.version = versionInFlags(settings) ?? develVersion
  const library = stdlib(info.goVersion)
  const needs = [...(library === undefined ? [] : [library]), ...modules.filter((one) => one !== main)]
  const packages = modules.map((one) =>
    packageFact(one.name, one.version, one === main ? { needs: needs.map(({ name }) => name) } : {}),
  )
  return [library, ...packages].filter((one) => one !== undefined)
}

/** By another module: that is what was linked. By a folder: the name stays, what version it is nobody knows. */
function replace(replaced: Module | undefined, name: string, version: string): void {
  if (replaced === undefined) return
  if (isFolder(name)) replaced.version = develVersion
  else {
    replaced.name = name
    replaced.version = version === '' ? develVersion : version
  }
}

/** Whether a replacement is a folder rather than a module, on whatever system it was built (as Go's modfile tells them apart). */
export function isFolder(path: string): boolean {
  return path === '.' || path === '..' || /^(?:\.{0,2}[\\/]|[A-Za-z]:)/.test(path)
}

/** "go1.22.1 X:boringcrypto" is 1.22.1; "go1.21rc2" is 1.21.0-rc.2, as versions of Go are ordered among releases. */
export function stdlib(goVersion: string): PackageFact | undefined {
  const [, release, kind, number] = /\bgo(\d+\.\d+(?:\.\d+)?)(?:(rc|beta)(\d+))?/.exec(goVersion) ?? []
  if (release === undefined) return undefined
  const full = release.split('.').length === 2 ? `${release}.0` : release
  return packageFact('stdlib', kind === undefined ? release : `${full}-${kind}.${number ?? 0}`, {
    licence: 'BSD-3-Clause',
  })
}

/**
 * A version that was set while linking, as programs that are not built by `go install` do it:
 * `-X main.version=v1.2.3`. One in package main goes first.
 */
function versionInFlags(settings: readonly string[]): string | undefined {
  const flags = settings.find((setting) => setting.startsWith('-ldflags='))?.slice(0, 20_000) ?? ''
  const versions = [...flags.matchAll(/-X[= ]\s*["']?([\w./~-]+)\.(\w+)=["']?(v?\d+\.\d+\.\d+[\w.+-]*)/g)]
    .filter(([, , variable = '']) => /^(git|build|app|release)?_?(version|tag|semver)$/i.test(variable))
    .map(([, from, , version = '']) => ({ isMain: from === 'main', version }))
  const chosen = versions.find(({ isMain }) => isMain) ?? versions[0]
  if (chosen === undefined) return undefined
  return chosen.version.startsWith('v') ? chosen.version : `v${chosen.version}`
}
