import type { DistroFamily } from '../../model/distro.ts'
import { alpineRelease, alpineReleases } from './releases.ts'

export const alpine: DistroFamily = {
  id: 'alpine',
  packageType: 'apk',
  releases: alpineReleases,
  open: async ({ id }) => {
    const [{ openApk }, { alpineHabits }] = await Promise.all([
      import('../apk/distro.ts'),
      import('./habits.ts'),
    ])
    return openApk(alpineRelease(id), alpineHabits)
  },
}
