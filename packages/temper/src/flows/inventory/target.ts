import type { ByteStream } from '../../base/bytes.ts'
import { printableLine } from '../../base/printable.ts'
import type { Reference } from '../../model/reference.ts'
import { formatReference } from '../../oci/reference.ts'

/** What can be scanned, listed and compared. Relative paths start from the person's folder. */
export type ScanTarget =
  | { readonly kind: 'image'; readonly reference: Reference }
  /** A root file system. */
  | { readonly kind: 'directory'; readonly path: string }
  /** A bill of materials: a file, or what `open` returns, under that name. */
  | { readonly kind: 'sbom'; readonly path: string; readonly open?: () => ByteStream }
  | { readonly kind: 'lock'; readonly path: string }
  /** One package, by its package URL. */
  | { readonly kind: 'purl'; readonly purl: string }

const prefixes = { directory: 'dir', sbom: 'sbom', lock: 'lock' } as const

/** The name of a target in results: "oci:out/nginx", "dir:/srv/root", "sbom:a.json", "lock:nginx.lock.json". */
export function targetName(target: ScanTarget): string {
  if (target.kind === 'image') return formatReference(target.reference)
  if (target.kind === 'purl') return printableLine(target.purl, { most: 1000 })
  return `${prefixes[target.kind]}:${target.path}`
}
