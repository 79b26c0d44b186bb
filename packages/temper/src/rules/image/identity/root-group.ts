import { imageRule } from '../rule.ts'

export const rootGroup = imageRule({
  id: 'root-group',
  title: 'The group is not that of root',
  why: 'Many files belong to the group 0, and some can be written by it. OpenShift wants it so, others do not need it.',
  fix: 'name a group too: USER 65532:65532',
  level: 'note',
  aspect: 'user-and-permissions',
  tier: 'secure',
  setting: 'user',
  needs: ['user'],
  *check({ user, groups }) {
    if (user.uid !== 0 && (user.gid === 0 || groups.has(0)))
      yield { place: { kind: 'whole' }, subject: 'USER', found: `uid ${user.uid} has the group 0` }
  },
})
