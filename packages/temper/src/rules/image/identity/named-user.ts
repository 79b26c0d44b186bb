import { imageRule } from '../rule.ts'

export const namedUser = imageRule({
  id: 'named-user',
  title: 'The user is named by its number',
  why: 'Kubernetes can tell only for a number that it is not root: with runAsNonRoot it refuses to start an image that names its user.',
  fix: 'write the number: USER 65532:65532',
  level: 'warning',
  aspect: 'user-and-permissions',
  tier: 'hardened',
  setting: 'user',
  needs: ['image', 'user'],
  *check({ image, user }) {
    const [name = ''] = (image.settings.User ?? '').split(':')
    if (name === '' || /^\d+$/.test(name) || user.uid === 0) return
    const remedy = `write the number: USER ${user.uid}:${user.gid}`
    yield { place: { kind: 'whole' }, subject: 'USER', found: `USER is "${name.slice(0, 80)}"`, remedy }
  },
})
