import { TemperError } from '../base/error.ts'

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
  return { kind: 'image', path: text }
}
