import { posix } from 'node:path'
import type { FileContent } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import type { LanguageFact } from '../fact.ts'
import { folderOf, within } from '../place.ts'

/** `*.dist-info/RECORD`: the files of a package, as comma-separated lines relative to the folder that holds it. */
export function readRecord(file: FileContent): LanguageFact {
  const base = folderOf(folderOf(file.path))
  const files: string[] = []
  for (const line of decodeText(file.bytes).split('\n')) {
    const path = firstField(line)
    if (path === '' || path.startsWith('/') || path.length > 4096) continue
    // Scripts lie beside: "../../../bin/pip".
    const place = posix.normalize(within(base, path))
    if (!place.startsWith('../')) files.push(place)
  }
  return { kind: 'files', packages: [], files }
}

function firstField(line: string): string {
  if (!line.startsWith('"')) return line.slice(0, Math.max(0, line.indexOf(',')))
  return /^"((?:[^"]|"")*)",/.exec(line)?.[1]?.replaceAll('""', '"') ?? ''
}
