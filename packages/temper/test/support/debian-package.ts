import { encodeTarHeader, tarEnd, tarPadding } from '../../src/formats/tar/write.ts'
import type { FileEntry } from '../../src/model/package/package-content.ts'

/** A file by its text or bytes, or a link or folder by what it is. */
export type PackageFile = string | Uint8Array | Partial<FileEntry>

export interface DebianPackage {
  readonly name: string
  readonly version: string
  /** Fields of its control file besides name, version and architecture. */
  readonly fields?: Readonly<Record<string, string>>
  /** By path, in this order; a path that ends in a slash is a folder. */
  readonly files: Readonly<Record<string, PackageFile>>
  /** Modes of files that are not 0644. */
  readonly modes?: Readonly<Record<string, number>>
  readonly scripts?: Readonly<Record<string, string>>
}

const time = 1_700_000_000

/** The bytes of a .deb (deb(5)) whose members are not compressed. The same input gives the same bytes. */
export function debianPackage(made: DebianPackage): Buffer {
  const { name, version, fields = {} } = made
  const control = { Package: name, Version: version, Architecture: 'amd64', ...fields }
  const text = Object.entries(control).map(([field, value]) => `${field}: ${value}\n`)
  const scripts = Object.entries(made.scripts ?? {})
  const controlFiles = {
    './control': text.join(''),
    ...Object.fromEntries(scripts.map(([script, lines]) => [`./${script}`, lines])),
  }
  return Buffer.concat([
    Buffer.from('!<arch>\n'),
    arMember('debian-binary', Buffer.from('2.0\n')),
    arMember('control.tar', tarOf(controlFiles, {})),
    arMember('data.tar', tarOf(made.files, made.modes ?? {})),
  ])
}

function arMember(name: string, bytes: Buffer): Buffer {
  const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(bytes.length).padEnd(10)}\`\n`
  return Buffer.concat([Buffer.from(header), bytes, Buffer.alloc(bytes.length % 2, '\n')])
}

function tarOf(
  files: Readonly<Record<string, PackageFile>>,
  modes: Readonly<Record<string, number>>,
): Buffer {
  const parts = Object.entries(files).flatMap(([path, file]) => {
    const content =
      typeof file === 'string' ? Buffer.from(file) : file instanceof Uint8Array ? file : undefined
    const isFolder = path.endsWith('/')
    const entry: FileEntry = {
      path: isFolder ? path.slice(0, -1) : path,
      type: isFolder ? 'directory' : 'file',
      mode: modes[path] ?? (isFolder ? 0o755 : 0o644),
      uid: 0,
      gid: 0,
      size: content?.length ?? 0,
      mtime: time,
      ...(content === undefined ? (file as Partial<FileEntry>) : {}),
    }
    return [encodeTarHeader(entry), content ?? Buffer.alloc(0), tarPadding(entry.size)]
  })
  return Buffer.concat([...parts, tarEnd])
}
