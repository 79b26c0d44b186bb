import type { VersionOrder } from './order.ts'
import { compareSemantic, parseSemantic, type SemanticVersion } from './semver.ts'

/**
 * Go's modules by Semantic Versioning (go.dev/ref/mod, "Versions"; `+incompatible` is build metadata), and its toolchain
 * as binaries name it ("go1.22rc1", "go1.21.3-vendor X:experiment"; go.dev/doc/toolchain).
 */
export const golangOrder: VersionOrder<SemanticVersion> = {
  parse: (text) => (text.startsWith('go') ? parseToolchain(text) : parseSemantic(text)),
  compare: compareSemantic,
  isVersion: ({ core }) => core.length > 0,
}

function parseToolchain(text: string): SemanticVersion {
  const [, core, stage, number] = /^go([0-9]+(?:\.[0-9]+)*)(?:(rc|beta)([0-9]+))?/.exec(text) ?? []
  if (core === undefined) return { core: [], prerelease: [], text }
  const prerelease = stage === undefined || number === undefined ? [] : [stage, number]
  return { core: core.split('.'), prerelease, text }
}
