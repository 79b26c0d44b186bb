import { createHasher, type Digest } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import type { Distro, EffectOptions, EffectOutcome, EffectPackage } from '../../model/distro.ts'
import type { EffectNode, EffectView, RootNode, RootView } from '../../model/root.ts'
import { digestOf, Looks, valueAt, watched } from './looks.ts'

/**
 * The outcome of effects, and everything that they looked at. Where all of that is the same again, so is the outcome,
 * since effects are pure: then they need not run.
 */
export interface KnownEffects {
  /**
   * Digest over what effects see without being watched: what is asked for, names of packages, paths, owners and
   * permissions.
   */
  readonly seen: Digest
  /** The ways to everything else that they looked at, and a digest over what was there. */
  readonly ways: readonly (readonly string[])[]
  readonly found: Digest
  readonly outcome: EffectOutcome
}

/** What effects are applied to. */
export interface EffectSubject {
  /** In the order of configuration. */
  readonly packages: readonly EffectPackage[]
  readonly root: RootView
  readonly options: EffectOptions
}

/** The outcome of effects: the known one where it still holds, else by running them now. */
export function effectsOn(
  subject: EffectSubject,
  distro: Pick<Distro, 'applyEffects'>,
  known?: KnownEffects,
): KnownEffects {
  const seen = digestOfSeen(subject)
  if (known?.seen === seen && digestOf(valuesAt(known.ways, subject)) === known.found) return known
  const looks = new Looks()
  const packages = subject.packages.map((installed) => watchedPackage(installed, looks))
  const outcome = distro.applyEffects(packages, watchedRoot(subject.root, looks), subject.options)
  return { seen, ways: looks.ways, found: looks.digest(), outcome }
}

/** Over what is not watched, as nearly every effect looks at it. */
function digestOfSeen({ packages, root, options }: EffectSubject): Digest {
  const { system, ...plain } = options
  const lines = [canonicalJson(plain)]
  // What else it says follows from the nodes.
  if (system !== undefined) lines.push(JSON.stringify([system.passwd, system.group, [...system.versions]]))
  for (const { package: identity, content, kept } of packages) {
    lines.push(JSON.stringify([identity.name, identity.architecture, kept]))
    for (const { path, uid, gid, userName, groupName } of content.entries)
      lines.push(JSON.stringify([path, uid, gid, userName, groupName]))
  }
  for (const { path, type, mode, uid, gid, target, origin } of root.nodes())
    lines.push(JSON.stringify([path, type, mode, uid, gid, target, origin]))
  const hasher = createHasher()
  hasher.update(Buffer.from(lines.join('\n')))
  return hasher.digest()
}

/** What of a package is watched. */
type PackagePart = 'version' | 'own' | 'captured'

function watchedPackage({ package: identity, content, kept }: EffectPackage, looks: Looks): EffectPackage {
  const { name, architecture } = identity
  const way = (part: PackagePart) => ['package', name, part]
  return {
    kept,
    package: {
      name,
      architecture,
      get version() {
        return looks.at(way('version'), identity.version)
      },
    },
    content: {
      entries: content.entries,
      own: watched(content.own, way('own'), looks),
      captured: watched(content.captured, way('captured'), looks),
    },
  }
}

/** What of a node is watched. */
type NodePart = 'size' | 'mtime' | 'content' | 'elf' | 'fipsModule'

/** Each node is one object however often it is asked for, as in the tree itself. */
function watchedRoot(root: RootView, looks: Looks): EffectView {
  const known = new Map<string, EffectNode>()
  const watch = (node: RootNode): EffectNode => {
    const seen = known.get(node.path) ?? watchedNode(node, looks)
    known.set(node.path, seen)
    return seen
  }
  const perhaps = (node: RootNode | undefined) => node && watch(node)
  return {
    get: (path) => perhaps(root.get(path)),
    resolve: (path) => perhaps(root.resolve(path)),
    list: (path) => root.list(path),
    *nodes() {
      for (const node of root.nodes()) yield watch(node)
    },
  }
}

function watchedNode(node: RootNode, looks: Looks): EffectNode {
  const { path, type, mode, uid, gid, target, origin } = node
  const look = <Part extends NodePart>(part: Part): RootNode[Part] =>
    looks.at(['node', path, part], node[part])
  const lazy = {
    get size() {
      return look('size')
    },
    get mtime() {
      return look('mtime')
    },
    get content() {
      return look('content')
    },
    get elf() {
      return look('elf')
    },
    get fipsModule() {
      return look('fipsModule')
    },
  }
  const attributes = { path, type, mode, uid, gid, origin }
  // A member that gives undefined is as good as none to all who read it.
  return Object.assign(lazy, attributes, target === undefined ? {} : { target }) as EffectNode
}

/** What ways lead to now. */
function valuesAt(ways: KnownEffects['ways'], { packages, root }: EffectSubject): readonly unknown[] {
  const byName = new Map(packages.map((installed) => [installed.package.name, installed]))
  return ways.map(([kind, name = '', part = '', ...rest]) => {
    if (kind === 'node') return root.get(name)?.[part as NodePart]
    const { package: identity, content } = byName.get(name) ?? {}
    if (part === 'version') return identity?.version
    return valueAt(part === 'own' ? content?.own : content?.captured, rest)
  })
}
