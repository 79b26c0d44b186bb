import { type HardeningRule, hardeningRule } from '../../hardening/subject.ts'

export const rootUser: HardeningRule = hardeningRule({
  id: 'root-user',
  title: 'Runs as a user other than root',
  why: 'Root in a container is root for the kernel. A flaw in runtime or kernel is worth much less to another user.',
  fix: 'name another user, by its numeric id',
  level: 'error',
  aspect: 'user-and-permissions',
  tier: 'hardened',
  setting: 'user',
  needs: ['user'],
  *check({ user }) {
    if (user?.uid === 0)
      yield { place: { kind: 'whole' }, subject: 'the image', found: 'runs as root (uid 0)' }
  },
})
