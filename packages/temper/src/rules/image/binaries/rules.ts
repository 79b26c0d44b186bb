import type { ImageRule } from '../rule.ts'
import { executableStack } from './executable-stack.ts'
import { fixedAddress } from './fixed-address.ts'
import { libraryPath } from './library-path.ts'
import { stackProtector } from './stack-protector.ts'
import { writableCode } from './writable-code.ts'
import { writableRelocations } from './writable-relocations.ts'

/** Rules about how programs and libraries were linked. */
export const binaryRules: readonly ImageRule[] = [
  executableStack,
  writableCode,
  libraryPath,
  fixedAddress,
  writableRelocations,
  stackProtector,
]
