import { imageRule } from '../rule.ts'

export const unpinnedMaterial = imageRule({
  id: 'unpinned-material',
  title: 'Provenance names everything that the image was built from, with digests',
  why: 'Only then can others build it again and compare, or find every image with a bad component.',
  fix: 'build from a lock, so that resolvedDependencies has a digest for each',
  level: 'warning',
  aspect: 'provenance',
  tier: 'secure',
  needs: ['evidence'],
  *check({ evidence }) {
    for (const { materials } of evidence.provenance) {
      const loose = materials.filter(({ digest }) => Object.keys(digest ?? {}).length === 0)
      const [first] = loose
      const found =
        materials.length === 0
          ? 'it does not say what it was built from'
          : `${loose.length} of ${materials.length} materials have no digest, the first ${first?.uri?.slice(0, 200) ?? 'without a name'}`
      if (materials.length === 0 || first !== undefined)
        yield { place: { kind: 'whole' }, subject: 'provenance', found }
    }
  },
})
