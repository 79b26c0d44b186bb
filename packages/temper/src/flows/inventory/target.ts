import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'

export interface ParsedTarget {
  readonly kind: 'image' | 'directory' | 'sbom' | 'lock'
  /** What stands after the prefix; the whole text for images. */
  readonly path: string
}

const prefixes = { 'dir:': 'directory', 'sbom:': 'sbom', 'lock:': 'lock' } as const

/** Tells what kind of thing a person named. References to images are not looked into here. Throws `bad-reference`. */
export function parseTarget(text: string): ParsedTarget {
  for (const [prefix, kind] of Object.entries(prefixes)) {
    if (!text.startsWith(prefix)) continue
    const path = text.slice(prefix.length)
    if (path !== '' && !path.includes('\0')) return { kind, path }
    throw new TemperError('bad-reference', `"${prefix}" has to be followed by a path`, {
      hint: 'Write dir:PATH, sbom:FILE, sbom:- or lock:FILE.',
    })
  }
  assertNoPath(text)
  return { kind: 'image', path: text }
}

/** A bare path could be any of several things, and many look like names of images: the person says which. */
function assertNoPath(text: string): void {
  const prefixes = possible(text)
  if (prefixes === undefined) return
  const shown = printableLine(text)
  throw new TemperError('bad-reference', `"${shown}" is a path; expected what it is the path of`, {
    hint: `Write ${prefixes.map((prefix) => `${prefix}${shown}`).join(' or ')}.`,
  })
}

function possible(text: string): readonly string[] | undefined {
  if (text === '-') return ['sbom:']
  const inFolder = /^\.{0,2}\//.test(text)
  if (!inFolder && (text.includes('/') || text.includes(':'))) return undefined
  if (/\.lock(?:\.json)?$/i.test(text)) return ['lock:']
  if (/\.(?:json|xml|spdx)(?:\.(?:gz|zst|xz))?$/i.test(text)) return ['sbom:']
  if (/\.(?:tar|tgz)(?:\.(?:gz|zst|xz))?$/i.test(text)) return ['oci-archive:', 'docker-archive:']
  return inFolder || text === '.' || text === '..' ? ['dir:', 'oci:'] : undefined
}
