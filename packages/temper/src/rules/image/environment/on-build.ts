import { imageRule } from '../rule.ts'

export const onBuild = imageRule({
  id: 'on-build',
  title: 'No instructions run in images that are based on it',
  why: 'Whoever writes FROM does not see them: they run before the first line of their own Dockerfile.',
  fix: 'remove ONBUILD, and let each Dockerfile say what it does',
  level: 'note',
  aspect: 'policy',
  tier: 'hardened',
  setting: 'trigger',
  needs: ['image'],
  *check({ image }) {
    for (const instruction of image.settings.OnBuild ?? [])
      yield { place: { kind: 'whole' }, subject: 'ONBUILD', found: `ONBUILD ${instruction.slice(0, 200)}` }
  },
})
