import { apkRules } from '../../apk/packages/rules.ts'
import { alpineInstallOnly } from './install-only.ts'

export const alpineRules = apkRules(alpineInstallOnly)
