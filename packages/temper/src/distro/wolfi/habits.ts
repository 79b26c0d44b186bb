import type { ApkHabits } from '../apk/distro.ts'
import { apkEffects } from '../apk/effects/apply.ts'
import { baseAccounts } from '../apk/effects/base-accounts.ts'
import { apkRules } from '../apk/packages/rules.ts'
import { ldSoConf } from '../shared/effects/glibc/ld-so-conf.ts'
import { groups, users } from './accounts.ts'
import { usrMerge } from './effects/usr-merge.ts'
import { wolfiGlibc, wolfiLoader } from './loader.ts'
import { mergedPath } from './merged-path.ts'
import { wolfiInstallOnly } from './packages/install-only.ts'
import { interpreterPackage } from './packages/interpreters.ts'

/** What distinguishes Wolfi from other distributions with apk packages. */
export const wolfiHabits: ApkHabits = {
  id: 'wolfi',
  supplier: 'Wolfi',
  rules: apkRules(wolfiInstallOnly),
  loader: wolfiLoader,
  interpreterPackage,
  mergedPath,
  effects: [usrMerge, ...apkEffects, ldSoConf(wolfiGlibc)],
  baseAccounts: baseAccounts({ package: 'wolfi-baselayout', users, groups }),
}
