import type { ImageRule } from '../rule.ts'
import { codeVariable } from './code-variable.ts'
import { developmentMode } from './development-mode.ts'
import { onBuild } from './on-build.ts'
import { preloadedLibrary } from './preloaded-library.ts'
import { proxyVariable } from './proxy-variable.ts'
import { remoteDebugging } from './remote-debugging.ts'
import { searchPathRule } from './search-path.ts'
import { weakTls } from './weak-tls.ts'

/**
 * Rules about the variables that an image sets for every program in it, and about what it imposes on images built on
 * it.
 */
export const environmentRules: readonly ImageRule[] = [
  weakTls,
  preloadedLibrary,
  searchPathRule,
  codeVariable,
  remoteDebugging,
  developmentMode,
  proxyVariable,
  onBuild,
]
