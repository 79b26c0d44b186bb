import { imageRule } from '../rule.ts'

export const builderUnknown = imageRule({
  id: 'builder-unknown',
  title: 'Provenance names who built it and how',
  why: 'SLSA relies on the builder: without its name nobody can say whether to trust it.',
  fix: 'let the build service write the provenance, with builder.id and buildType',
  level: 'warning',
  aspect: 'provenance',
  tier: 'secure',
  needs: ['evidence'],
  *check({ evidence }) {
    for (const { builder = '', buildType = '' } of evidence.provenance)
      if (builder === '' || buildType === '')
        yield {
          place: { kind: 'whole' },
          subject: 'provenance',
          found: builder === '' ? 'it names no builder' : 'it names no kind of build',
        }
  },
})
