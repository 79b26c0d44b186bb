import type { ImageRule } from '../rule.ts'
import { hiddenBytes } from './hidden-bytes.ts'

/** About what is in an image, and how much of it; see `hardeningRules` for those that hold while building too. */
export const contentRules: readonly ImageRule[] = [hiddenBytes]
