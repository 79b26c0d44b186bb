import type { FileContent } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, type PackageFact, packageFact } from '../fact.ts'
import { childOf, type IndentedNode, readIndented, unquote, valueAt } from '../indented.ts'
import { aliased } from './package-lock.ts'

/**
 * yarn.lock, of yarn 1 (its own format) and of later ones (YAML with `__metadata`). It does not say what only
 * development needs.
 */
export function readYarnLock(file: FileContent): LanguageFact {
  const text = decodeText(file.bytes)
  const isBerry = /^__metadata:/m.test(text)
  const nodes = readIndented(text, { what: 'yarn.lock', separator: isBerry ? ':' : ' ' })
  return { kind: 'lock', packages: distinct(nodes.map(isBerry ? fromBerry : fromClassic)) }
}

/** `"@a/b@^1", "@a/b@^1.2":` with `version "1.2.3"` below. */
function fromClassic(node: IndentedNode): PackageFact | undefined {
  const descriptor = unquote(node.key.split(',', 1)[0] ?? '').replaceAll('"', '')
  const at = descriptor.indexOf('@', 1)
  const name = at < 0 ? descriptor : descriptor.slice(0, at)
  // An alias: what it stands for is what is installed.
  const real = at < 0 ? name : aliased(name, descriptor.slice(at + 1)).name
  return packageFact(real, valueAt(node, 'version'), { needs: needsOf(node) })
}

/** `resolution: "@a/b@npm:1.2.3"` names what is installed; workspaces, links and patches of either are not packages. */
function fromBerry(node: IndentedNode): PackageFact | undefined {
  const resolution = valueAt(node, 'resolution')
  if (resolution === undefined) return undefined
  const at = resolution.indexOf('@', 1)
  const protocol = resolution.slice(at + 1)
  const isPackage = protocol.startsWith('npm:') || protocol.startsWith('patch:')
  if (at < 0 || !isPackage) return undefined
  return packageFact(resolution.slice(0, at), valueAt(node, 'version'), { needs: needsOf(node) })
}

/** By the names of what they stand for: what only an alias or an option leads to is needed too. */
function needsOf(node: IndentedNode): string[] {
  return ['dependencies', 'optionalDependencies'].flatMap((group) =>
    (childOf(node, group)?.children ?? []).map(({ key, value }) => aliased(key, value).name),
  )
}
