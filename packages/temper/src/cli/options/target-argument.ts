import { TemperError } from '../../base/error.ts'
import type { ScanTarget } from '../../flows/inventory/target.ts'
import { parseReference } from '../../oci/reference.ts'
import { sbomLimit } from '../../sbom/read/limits.ts'
import type { Host } from '../host.ts'
import { type NamingContext, namedImage, pathAt, withoutOthers } from './named-image.ts'

/** What commands take that look into things, for their help. */
export const targetForms =
  'an image, a folder, an archive, a bill of materials, a lock or a package URL (pkg:…), by its path or name; dir:PATH, sbom:FILE, lock:FILE and oci:DIR say which; - reads a bill of materials from standard input; docker:NAME, podman:NAME and containerd:NAME read from those programs'

/**
 * What a person named: an image (see `namedImage`), a package URL, a path of anything that can be looked into, or one of
 * `dir:PATH`, `sbom:FILE` (`sbom:-` and `-` are standard input) and `lock:FILE`. Throws `bad-reference`, and `not-found`
 * for a path that is not there.
 */
export async function parseTarget(text: string, context: NamingContext): Promise<ScanTarget> {
  const written = withoutOthers(text)
  if (text === '-') return { kind: 'sbom', path: '-', open: () => standardInput(context.host) }
  if (text.startsWith('pkg:')) return { kind: 'purl', purl: text }
  for (const [prefix, kind] of Object.entries(prefixes)) {
    if (!written.startsWith(prefix)) continue
    const path = written.slice(prefix.length)
    if (path === '' || path.includes('\0'))
      throw new TemperError('bad-reference', `"${prefix}" has to be followed by a path`, {
        hint: 'Write dir:PATH, sbom:FILE, sbom:- or lock:FILE.',
      })
    if (kind !== 'sbom' || path !== '-') return { kind, path }
    return { kind, path, open: () => standardInput(context.host) }
  }
  if (!written.includes(':') || /^\.{0,2}\//.test(written)) {
    const place = await pathAt(written, context)
    if (place?.kind === 'dir') return { kind: 'directory', path: written }
    if (place?.kind === 'sbom' || place?.kind === 'lock') return { kind: place.kind, path: written }
    if (place !== undefined) return { kind: 'image', reference: parseReference(`${place.kind}:${written}`) }
  }
  return { kind: 'image', reference: await namedImage(written, context) }
}

const prefixes = { 'dir:': 'directory', 'sbom:': 'sbom', 'lock:': 'lock' } as const

async function* standardInput(host: Pick<Host, 'readInput'>) {
  yield await host.readInput(sbomLimit)
}
