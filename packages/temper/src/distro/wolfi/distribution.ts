import type { DistroFamily } from '../../model/distro.ts'
import { wolfiRelease } from './releases.ts'

export const wolfi: DistroFamily = {
  id: 'wolfi',
  packageType: 'apk',
  releases: [wolfiRelease],
  open: async () => {
    const [{ openApk }, { wolfiHabits }] = await Promise.all([
      import('../apk/distro.ts'),
      import('./habits.ts'),
    ])
    return openApk(wolfiRelease, wolfiHabits)
  },
}
