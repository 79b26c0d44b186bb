import { readFileSync } from 'node:fs'

/**
 * The version of this package. The file that states it has the same place relative to the sources and to the built
 * package.
 */
export function temperVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const manifest: unknown = JSON.parse(text)
  if (manifest && typeof manifest === 'object' && 'version' in manifest) return String(manifest.version)
  return 'unknown'
}
