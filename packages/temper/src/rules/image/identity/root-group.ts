import { imageRule } from '../rule.ts'

export const rootGroup = imageRule({
  id: 'root-group',
  title: "The group is not root's",
  why: 'Many files belong to group 0, which can write to some of them. OpenShift requires it, others do not need it.',
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
