import { hardeningRules } from '../hardening/rules.ts'
import { binaryRules } from './binaries/rules.ts'
import { configurationRules } from './configuration/rules.ts'
import { contentRules } from './contents/rules.ts'
import type { ImageRule } from './rule.ts'

/** Every rule over images, in the order of reports: first those that also hold while building. */
export const imageRules: readonly ImageRule[] = [
  ...hardeningRules,
  ...contentRules,
  ...configurationRules,
  ...binaryRules,
]
