import type { EvidenceFile, ImageEvidence } from '../../advisory/vex/author/evidence.ts'
import type { ImagePlan } from '../../assemble/plan.ts'
import { unreachedOf } from '../../assemble/root/unreached.ts'
import type { DescribedRelease } from '../../distro/open.ts'
import type { Image } from '../../model/image.ts'
import type { LoaderRules } from '../../model/loader.ts'
import type { LockedPackage, LockedPlatform } from '../../model/lock.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { RootNode } from '../../model/root.ts'
import type { Sbom } from '../../model/sbom.ts'
import { findUnloaded } from '../../tree/proof/unloaded.ts'

/** What can be proved about an assembled image, from its plan. Reads nothing. */
export function vexEvidence(
  plan: ImagePlan,
  contents: Sbom,
  about: {
    readonly recipe: Recipe
    readonly image: Image
    readonly release: DescribedRelease
    readonly loader: LoaderRules
    readonly locked: LockedPlatform
    /** Packages of the base image. */
    readonly below: readonly LockedPackage[]
  },
): ImageEvidence {
  const { recipe, image, locked, loader, release, below } = about
  const all = [...below.map((each) => ({ package: each, content: undefined })), ...plan.packages].sort(
    (a, b) => (a.package.name < b.package.name ? -1 : 1),
  )
  const { id, version, codename } = release.distribution
  // Packages of programming languages may have the same names.
  const purls = new Map(
    contents.packages
      .filter(({ type }) => type === release.packageType)
      .map((each) => [each.name, each.purl]),
  )
  const files = filesOf(plan)
  const unreached = unreachedOf(plan.stripped)
  const unloaded = findUnloaded(plan.root, { loader, recipe })
  return {
    image: { name: recipe.name, digest: image.descriptor.digest, created: contents.subject.created },
    distribution: { id, version, ...(codename === undefined ? {} : { codename }) },
    packageType: release.packageType,
    packages: all.map(({ package: binary, content }) => ({
      name: binary.name,
      version: binary.version,
      architecture: binary.architecture,
      source: binary.source,
      repository: binary.origin.repository,
      purl: purls.get(binary.name) ?? '',
      ...(content?.changelog === undefined ? {} : { changelog: content.changelog }),
      files: files.get(binary.name) ?? [],
      unreached: unreached.get(binary.name) ?? [],
    })),
    others: contents.packages.filter(({ type }) => type !== release.packageType).map(({ purl }) => purl),
    pruned: locked.pruned,
    unloaded: unloaded.provable ? unloaded.libraries : new Set(),
  }
}

/** By package; documentation is no part of a program. */
function filesOf({ root }: ImagePlan): ReadonlyMap<string, EvidenceFile[]> {
  const files = new Map<string, EvidenceFile[]>()
  for (const node of root.nodes()) {
    const { origin } = node
    const owner = origin.kind === 'package' || origin.kind === 'base' ? origin.package : undefined
    if (owner === undefined || node.type === 'directory') continue
    if (/^usr\/share\/(?:doc|man|info|lintian)\//.test(node.path)) continue
    const file = { path: node.path, kind: kindOf(node) }
    const known = files.get(owner)
    if (known === undefined) files.set(owner, [file])
    else known.push(file)
  }
  return files
}

/** A link is none of these: what it leads to counts. */
function kindOf({ type, elf, shebang, mode }: RootNode): EvidenceFile['kind'] {
  if (type === 'symlink') return 'other'
  if (type === 'file' && elf !== undefined)
    return elf.kind === 'shared' && elf.interpreter === undefined ? 'library' : 'program'
  return shebang !== undefined || type !== 'file' || (mode & 0o111) !== 0 ? 'program' : 'other'
}
