import { imageRule } from '../rule.ts'

export const deletedPackageDatabase = imageRule({
  id: 'deleted-package-database',
  title: 'The list of installed packages exists',
  why: 'Without it most scanners find nothing, and say that all is well.',
  fix: 'leave the database where it is (var/lib/dpkg/status, lib/apk/db/installed, var/lib/rpm)',
  level: 'warning',
  aspect: 'provenance',
  tier: 'minimal',
  *check({ inventory }) {
    for (const { code, message } of inventory.notes)
      if (code === 'package-database-deleted')
        yield { place: { kind: 'whole' }, subject: 'packages', found: message.replace(/\.$/, '') }
  },
})
