import { imageRule } from '../rule.ts'
import { type EvidenceKind, isKind } from './kind.ts'

/**
 * With one of these somebody vouches for the image: it is theirs, or they made it. Others say something about anybody's
 * image.
 */
const vouching: readonly EvidenceKind[] = ['signature', 'provenance']

export const unsigned = imageRule({
  id: 'unsigned',
  title: 'A trusted signer has signed it',
  why: 'Without a signature or signed provenance, whoever can write to the registry decides what runs. A signed list or report does not vouch for the image: anybody may make one.',
  fix: 'sign it, and name the signer in the trust file',
  level: 'warning',
  aspect: 'provenance',
  tier: 'secure',
  needs: ['evidence'],
  *check({ evidence }) {
    const vouchers = evidence.attached.filter((each) => vouching.some((kind) => isKind(each, kind)))
    if (vouchers.some(({ verified }) => verified)) return
    const signed = vouchers.filter(({ signers }) => signers.length > 0)
    const found = !evidence.trustsAnyone
      ? 'no signer is trusted for this image, so no signature counts'
      : signed.length === 0
        ? 'nobody signed it'
        : `no trusted signer signed it, only ${signed[0]?.signers[0]?.slice(0, 200) ?? ''}`
    yield { place: { kind: 'whole' }, subject: 'signatures', found }
  },
})
