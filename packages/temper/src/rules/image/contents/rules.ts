import type { ImageRule } from '../rule.ts'
import { duplicateFiles } from './duplicate-files.ts'
import { hiddenBytes } from './hidden-bytes.ts'
import { unusedLibrary } from './unused-library.ts'

/** About what is in an image, and how much of it; see `hardeningRules` for those that hold while building too. */
export const contentRules: readonly ImageRule[] = [hiddenBytes, duplicateFiles, unusedLibrary]
