import { TemperError } from '../../base/error.ts'
import { parseJson } from '../../base/json/parse.ts'
import { itemsOf, memberOf, textOf } from '../../base/json/value.ts'

/** A file that an index has. */
export interface IndexedFile {
  readonly name: string
  readonly url: string
  /** "sha256:<hex>"; absent where the index does not say. */
  readonly hash?: string
}

/** Media types of a page of an index, the better one first (PyPA, "Simple repository API"). */
export const pageTypes = 'application/vnd.pypi.simple.v1+json, text/html;q=0.5'

/** Most levels of a page (PEP 691). */
const depthLimit = 20

/** Files of one page; what is not understood is left out, since hashes decide anyway. Throws `bad-index`. */
export function readIndexPage(
  text: string,
  { url, type }: { readonly url: string; readonly type: string },
): readonly IndexedFile[] {
  if (/^application\/(?:vnd\.pypi\.simple\.v\d+\+)?json/.test(type)) return readJson(text, url)
  return readHtml(text, url)
}

function readJson(text: string, base: string): readonly IndexedFile[] {
  const page = parseJson(text, {
    where: base,
    depth: depthLimit,
    refuse: (found) => new TemperError('bad-index', `${base}: expected JSON, found ${found}`),
  })
  return itemsOf(memberOf(page, 'files')).flatMap((file): IndexedFile[] => {
    const [name, address] = [textOf(memberOf(file, 'filename')), textOf(memberOf(file, 'url'))]
    if (name === undefined || address === undefined || !URL.canParse(address, base)) return []
    const sha256 = textOf(memberOf(memberOf(file, 'hashes'), 'sha256'))
    const hash = sha256 === undefined ? {} : { hash: `sha256:${sha256}` }
    return [{ name, url: new URL(address, base).href, ...hash }]
  })
}

/** The text of each anchor is the name of a file, and the fragment of its address is the hash of the file. */
function readHtml(text: string, base: string): readonly IndexedFile[] {
  const files: IndexedFile[] = []
  for (const [, address = '', name = ''] of text.matchAll(
    /<a\s[^<>]{0,2000}?href="([^"<>]{1,2000})"[^<>]{0,2000}>([^<>]{1,300})<\/a>/gi,
  )) {
    const plain = address.replaceAll('&amp;', '&')
    if (!URL.canParse(plain, base)) continue
    const url = new URL(plain, base)
    const sha256 = /^#sha256=([0-9a-f]{64})$/.exec(url.hash)?.[1]
    url.hash = ''
    files.push({
      name: name.trim(),
      url: url.href,
      ...(sha256 === undefined ? {} : { hash: `sha256:${sha256}` }),
    })
  }
  return files
}
