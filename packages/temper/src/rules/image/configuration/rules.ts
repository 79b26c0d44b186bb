import type { ImageRule } from '../rule.ts'
import { preloadedLibrary } from './preloaded-library.ts'

/** About how an image says that it is to be run. */
export const configurationRules: readonly ImageRule[] = [preloadedLibrary]
