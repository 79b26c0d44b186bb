import type { DatabaseEntry } from '../../../model/distro.ts'
import type { PackageContent } from '../../../model/package/package-content.ts'
import { controlData } from './control.ts'

/**
 * One stanza and one list of checksums per package below var/lib/dpkg/status.d: where scanners look in
 * images without dpkg (the layout that Distroless introduced and Trivy, Grype and Syft read).
 */
export function databaseEntries(
  content: PackageContent,
  kept: ReadonlyMap<string, string>,
): readonly DatabaseEntry[] {
  const { control, md5sums } = controlData(content)
  const name = control['Package'] ?? ''
  const folder = 'var/lib/dpkg/status.d'
  const encoder = new TextEncoder()
  return [
    { path: `${folder}/${name}`, content: encoder.encode(stanza(control)) },
    { path: `${folder}/${name}.md5sums`, content: encoder.encode(keptSums(md5sums, kept)) },
  ]
}

function stanza(control: Readonly<Record<string, string>>): string {
  // Scanners skip what is not installed: a package does not get to say that of itself.
  const own = Object.entries(control).filter(([field]) => !/^(?:package|status)$/i.test(field))
  const fields = [['Package', control['Package'] ?? ''], ['Status', 'install ok installed'], ...own] as const
  return fields.map(([field, value]) => `${field}: ${value.replaceAll('\n', '\n ')}\n`).join('')
}

/** Lines of files that the image has, under the names that they have there. */
function keptSums(md5sums: string, kept: ReadonlyMap<string, string>): string {
  return md5sums
    .split('\n')
    .flatMap((line) => {
      const [sum, path] = [line.slice(0, 32), line.slice(34)]
      const place = kept.get(path)
      return place === undefined ? [] : [`${sum}  ${place}\n`]
    })
    .join('')
}
