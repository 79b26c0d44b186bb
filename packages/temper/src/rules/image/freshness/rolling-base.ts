import { labelOf } from '../labels.ts'
import { imageRule } from '../rule.ts'

const rolling =
  /^(?:latest|stable|current|edge|main|master|rolling|sid|unstable|testing|nightly|dev|next)(?:-[a-z]+)?$/

export const rollingBase = imageRule({
  id: 'rolling-base',
  title: 'The base image is a release, not whatever is newest',
  why: 'With a moving base, the same Dockerfile makes a different image every day, and one morning it has the next major version.',
  fix: 'name a release and its digest: FROM debian:13-slim@sha256:…',
  level: 'warning',
  aspect: 'patching',
  tier: 'secure',
  setting: 'base',
  needs: ['image'],
  *check({ image }) {
    const base = labelOf(image, 'org.opencontainers.image.base.name')
    if (base === undefined || base === '' || base === 'scratch') return
    const [name = ''] = base.split('@')
    const tag = /:([^/:]+)$/.exec(name)?.[1] ?? 'latest'
    if (rolling.test(tag))
      yield {
        place: { kind: 'whole' },
        subject: base.slice(0, 200),
        found: `the base is whatever "${tag.slice(0, 40)}" is`,
      }
  },
})
