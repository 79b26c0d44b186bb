import { imageRule } from '../rule.ts'

export const unsigned = imageRule({
  id: 'unsigned',
  title: 'Somebody who is trusted signed it',
  why: 'Without a signature whoever can write to the registry decides what runs.',
  fix: 'sign it, and name the signer in the trust file',
  level: 'warning',
  aspect: 'provenance',
  tier: 'secure',
  needs: ['evidence'],
  *check({ evidence }) {
    if (evidence.attached.some(({ verified }) => verified)) return
    const signed = evidence.attached.filter(({ signers }) => signers.length > 0)
    const found = !evidence.trustsAnyone
      ? 'nobody is trusted about this image, so that no signature counts'
      : signed.length === 0
        ? 'nobody signed it'
        : `nobody who is trusted signed it, only ${signed[0]?.signers[0]?.slice(0, 200) ?? ''}`
    yield { place: { kind: 'whole' }, subject: 'signatures', found }
  },
})
