import { muslLoader } from '../../formats/elf/musl-loader.ts'
import type { ApkHabits } from '../apk/distro.ts'
import { apkEffects } from '../apk/effects/apply.ts'
import { baseAccounts } from '../apk/effects/base-accounts.ts'
import { groups, users } from './accounts.ts'
import { releaseFile } from './effects/release-file.ts'
import { interpreterPackage } from './packages/interpreters.ts'
import { alpineRules } from './packages/rules.ts'

/** What distinguishes Alpine from other distributions with apk packages. */
export const alpineHabits: ApkHabits = {
  id: 'alpine',
  supplier: 'Alpine Linux',
  rules: alpineRules,
  loader: { amd64: muslLoader('amd64'), arm64: muslLoader('arm64') },
  interpreterPackage,
  mergedPath: (path) => path,
  effects: [releaseFile, ...apkEffects],
  baseAccounts: baseAccounts({ package: 'alpine-baselayout-data', users, groups }),
}
