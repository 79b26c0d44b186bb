import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'
import type { ScanTarget } from '../../flows/inventory/target.ts'
import { parseReference } from '../../oci/reference.ts'
import { sbomLimit } from '../../sbom/read/limits.ts'
import type { Host } from '../host.ts'

/**
 * What a person named: a reference to an image, `dir:PATH`, `sbom:FILE` (`sbom:-` is standard input) or `lock:FILE`.
 * Throws `bad-reference`.
 */
export function parseTarget(text: string, host: Pick<Host, 'readInput'>): ScanTarget {
  for (const [prefix, kind] of Object.entries(prefixes)) {
    if (!text.startsWith(prefix)) continue
    const path = text.slice(prefix.length)
    if (path === '' || path.includes('\0'))
      throw new TemperError('bad-reference', `"${prefix}" has to be followed by a path`, {
        hint: 'Write dir:PATH, sbom:FILE, sbom:- or lock:FILE.',
      })
    if (kind !== 'sbom' || path !== '-') return { kind, path }
    return { kind, path, open: () => standardInput(host) }
  }
  assertNoPath(text)
  return { kind: 'image', reference: parseReference(text) }
}

const prefixes = { 'dir:': 'directory', 'sbom:': 'sbom', 'lock:': 'lock' } as const

async function* standardInput(host: Pick<Host, 'readInput'>) {
  yield await host.readInput(sbomLimit)
}

/** A bare path could be any of several things, and many look like names of images: the person says which. */
function assertNoPath(text: string): void {
  const possible = possiblePrefixes(text)
  if (possible === undefined) return
  const shown = printableLine(text)
  throw new TemperError('bad-reference', `"${shown}" is a path; expected what it is the path of`, {
    hint: `Write ${possible.map((prefix) => `${prefix}${shown}`).join(' or ')}.`,
  })
}

function possiblePrefixes(text: string): readonly string[] | undefined {
  if (text === '-') return ['sbom:']
  const inFolder = /^\.{0,2}\//.test(text)
  if (!inFolder && (text.includes('/') || text.includes(':'))) return undefined
  if (/\.lock(?:\.json)?$/i.test(text)) return ['lock:']
  if (/\.(?:json|xml|spdx)(?:\.(?:gz|zst|xz))?$/i.test(text)) return ['sbom:']
  if (/\.(?:tar|tgz)(?:\.(?:gz|zst|xz))?$/i.test(text)) return ['oci-archive:', 'docker-archive:']
  return inFolder || text === '.' || text === '..' ? ['dir:', 'oci:'] : undefined
}
