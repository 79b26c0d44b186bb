import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'
import { certificatesIn, nameOf, trustStoreOf } from './trusted-certificates.ts'

const anchors = /^(?:usr\/local\/share\/ca-certificates|etc\/pki\/ca-trust\/source\/anchors)\//
const brought = /^usr\/(?:local\/)?share\/ca-certificates\//

export const addedCertificate = imageRule({
  id: 'added-certificate',
  title: 'Only authorities from the distribution are trusted',
  why: 'An added authority can impersonate every server in the world. That may be intended: then everybody should know it.',
  fix: 'remove it, or name it in the recipe (certificates), where it can be seen',
  level: 'note',
  aspect: 'attack-surface',
  tier: 'secure',
  *check({ root, nodes }) {
    const files = nodes.filter(({ path, type }) => type === 'file' && brought.test(path))
    const known = new Set(
      files.flatMap((node) =>
        certificatesIn(node).certificates.map(({ certificate }) => certificate.fingerprint256),
      ),
    )
    const told = new Set<string>()
    for (const node of nodes) {
      if (node.type !== 'file' || !anchors.test(node.path)) continue
      for (const each of certificatesIn(node).certificates) {
        told.add(each.certificate.fingerprint256)
        yield { place: nodePlace(node), found: `"${nameOf(each)}" is trusted too` }
      }
    }
    // Where what the distribution brings is not there, nothing can be compared with it.
    if (!files.some(({ path }) => path.startsWith('usr/share/'))) return
    for (const each of trustStoreOf({ root }).certificates) {
      // What one program trusts instead of all that is to be trusted.
      if (each.own === true) continue
      const { fingerprint256 } = each.certificate
      if (!known.has(fingerprint256) && !told.has(fingerprint256))
        yield { place: nodePlace(each.node), found: `"${nameOf(each)}" is in no file of the distribution` }
    }
  },
})
