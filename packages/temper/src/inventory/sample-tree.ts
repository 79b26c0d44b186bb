import type { SampleEntry } from '../formats/layer/sample-image.ts'

/** Pieces of Debian systems, for tests. */

export const file = (path: string, content: string | Uint8Array = path): SampleEntry => ({
  path,
  type: 'file',
  content,
})

export const link = (path: string, target: string): SampleEntry => ({ path, type: 'symlink', target })

export const bookworm = file(
  'usr/lib/os-release',
  'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
)

/** A paragraph of dpkg's status file. */
export function stanza(name: string, version: string, fields: Readonly<Record<string, string>> = {}): string {
  const all = {
    Package: name,
    Status: 'install ok installed',
    Architecture: 'amd64',
    Version: version,
    ...fields,
  }
  return `${Object.entries(all)
    .map(([field, value]) => `${field}: ${value}\n`)
    .join('')}\n`
}

export const status = (...stanzas: readonly string[]) => file('var/lib/dpkg/status', stanzas.join(''))

export const list = (name: string, ...paths: readonly string[]) =>
  file(`var/lib/dpkg/info/${name}.list`, ['/.', ...paths].map((path) => `${path}\n`).join(''))
