import type { ImageRule } from '../rule.ts'
import { executableStack } from './executable-stack.ts'

/** About how programs and libraries were linked. */
export const binaryRules: readonly ImageRule[] = [executableStack]
