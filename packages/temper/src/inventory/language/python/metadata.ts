import { openZip } from '../../../formats/zip/open.ts'
import { memorySource } from '../../../formats/zip/source.ts'
import type { FileContent } from '../../cataloguer.ts'
import { decodeText, textLimit } from '../document.ts'
import { type LanguageFact, type PackageFact, packageFact } from '../fact.ts'
import { readHeaders } from './headers.ts'
import { holdsWithoutExtra } from './marker.ts'

type Headers = ReadonlyMap<string, readonly string[]>

/** `*.dist-info/METADATA`, `*.egg-info/PKG-INFO` and its kin: what installers write of a package. */
export function readMetadata(file: FileContent): LanguageFact | undefined {
  const fact = describe(decodeText(file.bytes))
  return fact && { kind: 'installed', packages: [fact] }
}

/** An egg that was never unpacked; a folder or an empty mark of the same name is no file, or not a zip. */
export function readEgg(file: FileContent): LanguageFact | undefined {
  const egg = openZip(memorySource(file.bytes), {
    what: 'egg',
    limits: { entryBytes: textLimit, entries: 100_000 },
  })
  const entry = egg.find('EGG-INFO/PKG-INFO')
  const fact = entry && describe(decodeText(egg.read(entry)))
  return fact && { kind: 'installed', packages: [{ ...fact, at: 'EGG-INFO/PKG-INFO' }] }
}

function describe(text: string): PackageFact | undefined {
  const headers = readHeaders(text)
  const first = (name: string) => headers.get(name)?.[0]
  return packageFact(first('name'), first('version'), {
    licence: licenceOf(headers),
    supplier: first('author') ?? nameInAddress(first('author-email')) ?? first('maintainer'),
    needs: (headers.get('requires-dist') ?? []).flatMap(requirementName),
  })
}

/** The expression of newer packages; else the words of older ones, unless they are a whole text; else classifiers. */
function licenceOf(headers: Headers): string | undefined {
  const expression = headers.get('license-expression')?.[0]
  if (expression !== undefined) return expression
  const words = headers.get('license')?.[0]
  if (words !== undefined && words !== '' && words.length <= 100 && words.toUpperCase() !== 'UNKNOWN')
    return words
  const classes = (headers.get('classifier') ?? [])
    .filter((name) => name.startsWith('License ::'))
    .map((name) => name.slice(name.lastIndexOf('::') + 2).trim())
  return classes.length === 0 ? undefined : classes.join(' AND ')
}

/** "Ada <ada@example.org>" → "Ada" */
function nameInAddress(text: string | undefined): string | undefined {
  return text?.split('<', 1)[0]?.replaceAll('"', '').trim()
}

/** "idna (>=2.5) ; python_version > '3'" → "idna". What only an extra needs is not needed. */
function requirementName(text: string): string[] {
  const semicolon = text.indexOf(';')
  if (semicolon >= 0 && !holdsWithoutExtra(text.slice(semicolon + 1))) return []
  const name = /^[A-Za-z0-9][\w.-]*/.exec(text)?.[0]
  return name === undefined ? [] : [name]
}
