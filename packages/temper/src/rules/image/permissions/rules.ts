import type { ImageRule } from '../rule.ts'
import { accessList } from './access-list.ts'
import { readableShadow } from './readable-shadow.ts'
import { unknownOwner } from './unknown-owner.ts'
import { writableProgram } from './writable-program.ts'

/** About who may do what to files; see `hardeningRules` for those that hold while building too. */
export const permissionRules: readonly ImageRule[] = [
  readableShadow,
  unknownOwner,
  writableProgram,
  accessList,
]
