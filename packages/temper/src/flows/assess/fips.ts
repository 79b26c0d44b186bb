import type { FipsReport } from '../../model/assess/assessment.ts'
import { absolutePath } from '../../model/rule.ts'
import type { TreeNode } from '../../model/tree/file-tree.ts'
import { optionsOf } from '../../rules/image/crypto/fips.ts'
import { fipsClaim, namedCertificates } from '../../rules/image/crypto/fips-claim.ts'
import { fipsState } from '../../rules/image/crypto/fips-state.ts'
import type { ImageSubject } from '../../rules/image/subject.ts'

/** What an image has for FIPS; undefined when it has nothing and claims nothing. */
export function fipsReport(subject: ImageSubject): FipsReport | undefined {
  const claimed = fipsClaim(subject)
  const { image } = subject
  const { modules, missing } = fipsState(subject.root, image === undefined ? {} : optionsOf(image))
  if (claimed === undefined && modules.length === 0) return undefined
  return {
    ...(claimed === undefined ? {} : { claimed }),
    modules: modules.map((node) => moduleOf(node, subject)),
    active: missing.length === 0,
    missing,
    certificates: namedCertificates(subject),
  }
}

function moduleOf({ path, fipsModule }: TreeNode, { ownerOf }: ImageSubject): FipsReport['modules'][number] {
  const owner = ownerOf(path)
  const { name, version, certificate } = fipsModule ?? {}
  return {
    path: absolutePath(path),
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(owner === undefined ? {} : { package: `${owner.name} ${owner.version}`.trimEnd() }),
    ...(certificate === undefined ? {} : { certificate }),
  }
}
