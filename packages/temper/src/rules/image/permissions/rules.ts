import type { ImageRule } from '../rule.ts'
import { accessList } from './access-list.ts'
import { readableShadow } from './readable-shadow.ts'
import { unknownOwner } from './unknown-owner.ts'
import { writableProgram } from './writable-program.ts'

/** Rules about who may do what with files; `hardeningRules` has those that also apply while building. */
export const permissionRules: readonly ImageRule[] = [
  readableShadow,
  unknownOwner,
  writableProgram,
  accessList,
]
