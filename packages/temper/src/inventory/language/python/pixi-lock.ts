import type { FileContent } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, type PackageFact, packageFact } from '../fact.ts'
import { type IndentedNode, readIndented, valueAt } from '../indented.ts'
import { readCondaLock } from './conda-lock.ts'

/**
 * pixi.lock: a list `packages` of all environments and platforms, since version 4: "kind: conda" or "kind: pypi" with a name, since
 * version 6 "conda: ADDRESS" or "pypi: ADDRESS". Before, it was a lock of conda-lock's. What has a path is the project's own. It
 * does not tell what only development needs.
 */
export function readPixiLock(file: FileContent, manager: 'conda' | 'pip'): LanguageFact {
  const lock = readIndented(decodeText(file.bytes), { what: 'pixi.lock' })
  if (lock.some(({ key }) => key === 'package')) return readCondaLock(file, manager)
  const below = lock.find(({ key }) => key === 'packages')?.children ?? []
  // Lists need not be indented.
  const facts = (below.length > 0 ? below : lock).map((entry) => packageOf(entry, manager))
  return { kind: 'lock', packages: distinct(facts) }
}

function packageOf(entry: IndentedNode, manager: 'conda' | 'pip'): PackageFact | undefined {
  const kind = entry.key === '- kind' ? entry.value : entry.key.replace(/^- /, '')
  if (kind !== (manager === 'pip' ? 'pypi' : 'conda') || !entry.key.startsWith('- ')) return undefined
  const address = entry.key === '- kind' ? (valueAt(entry, 'path') ?? '') : entry.value
  if (/^\.{1,2}(?:\/|$)/.test(address)) return undefined
  const [, name, version, build = ''] =
    /\/([^/]{1,300})-([^/-]{1,200})-([^/-]{1,200})\.(?:conda|tar\.bz2)$/.exec(address) ?? []
  if (manager === 'conda' && name !== undefined) return packageFact(name, version, { qualifiers: { build } })
  return packageFact(valueAt(entry, 'name'), valueAt(entry, 'version'))
}
