import { labelOf } from '../labels.ts'
import { imageRule } from '../rule.ts'

export const unpinnedBase = imageRule({
  id: 'unpinned-base',
  title: 'The base image is named with its digest',
  why: 'Tags move: later nobody can say which base it was, or whether it has changed since.',
  fix: 'write FROM name@sha256:…, and record org.opencontainers.image.base.digest',
  level: 'warning',
  aspect: 'provenance',
  tier: 'secure',
  setting: 'base',
  needs: ['image'],
  *check({ image }) {
    const name = labelOf(image, 'org.opencontainers.image.base.name') ?? ''
    const digest = labelOf(image, 'org.opencontainers.image.base.digest') ?? ''
    if (name === '' || name === 'scratch' || isDigest(digest) || isDigest(name.split('@')[1] ?? '')) return
    yield {
      place: { kind: 'whole' },
      subject: name.slice(0, 200),
      found: 'the base is named without its digest',
    }
  },
})

function isDigest(text: string): boolean {
  return /^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/.test(text)
}
