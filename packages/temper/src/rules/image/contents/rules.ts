import type { ImageRule } from '../rule.ts'
import { duplicateFiles } from './duplicate-files.ts'
import { hiddenBytes } from './hidden-bytes.ts'
import { unusedLibrary } from './unused-library.ts'

/** Rules about what is in an image, and how much of it; `hardeningRules` has those that also apply while building. */
export const contentRules: readonly ImageRule[] = [hiddenBytes, duplicateFiles, unusedLibrary]
