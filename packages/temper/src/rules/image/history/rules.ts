import type { ImageRule } from '../rule.ts'
import { remoteAdd } from './remote-add.ts'
import { updateAlone } from './update-alone.ts'
import { upgradeInBuild } from './upgrade-in-build.ts'

/** Rules about the instructions that made an image, as far as its history records them. */
export const historyRules: readonly ImageRule[] = [remoteAdd, updateAlone, upgradeInBuild]
