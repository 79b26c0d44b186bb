import { includedPath, stripComment, unquote } from '../../../formats/openssl-config.ts'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import { variableOf } from '../environment.ts'
import type { ImageSubject } from '../subject.ts'

/** A setting of OpenSSL (config(5)): "[section] name = value". */
export interface OpenSslSetting {
  readonly section: string
  /** In lower case, without the prefix that makes it unique ("1." in "1.MinProtocol"). */
  readonly name: string
  readonly value: string
  /** Line on which it begins. */
  readonly line: number
}

export interface OpenSslFile {
  readonly node: TreeNode
  readonly settings: readonly OpenSslSetting[]
}

const files = [
  'etc/ssl/openssl.cnf',
  'etc/pki/tls/openssl.cnf',
  'usr/lib/ssl/openssl.cnf',
  'usr/local/ssl/openssl.cnf',
]

/** Most files of one image. */
const fileLimit = 64

/**
 * The configuration files of OpenSSL in an image, each once: those in the places where OpenSSL looks, and those that
 * they include.
 */
export function openSslFiles({ root, image }: Pick<ImageSubject, 'root' | 'image'>): OpenSslFile[] {
  const own = variableOf(image?.settings ?? {}, 'OPENSSL_CONF')
  const open = [...(own === undefined ? [] : [own]), ...files].map((path) => ({ path, section: 'default' }))
  const settingsFiles = new Map<TreeNode, OpenSslFile>()
  for (let next = open.shift(); next !== undefined && settingsFiles.size < fileLimit; next = open.shift()) {
    const node = root.resolve(next.path.replace(/^\/+/, ''))
    if (node?.type !== 'file' || settingsFiles.has(node)) continue
    const settings = parseSettings(node.content ?? new Uint8Array(), next.section)
    settingsFiles.set(node, { node, settings })
    for (const { name, value, section } of settings)
      if (name === '.include' && value.startsWith('/')) open.push({ path: value, section })
  }
  return [...settingsFiles.values()]
}

/** Reads settings. Lines that are not settings are skipped, since it is not known what OpenSSL makes of them. */
export function parseSettings(content: Uint8Array, start = 'default'): OpenSslSetting[] {
  let section = start
  const settings: OpenSslSetting[] = []
  for (const { text, line } of wholeLines(new TextDecoder().decode(content))) {
    const said = stripComment(text).trim()
    const opened = /^\[([^\]]{1,200})\]$/.exec(said)?.[1]
    const included = includedPath(said)
    const at = said.indexOf('=')
    if (opened !== undefined) section = opened.trim()
    else if (included !== undefined)
      settings.push({ section, name: '.include', value: unquote(included), line })
    else if (at > 0) {
      const key = said.slice(0, at).trim()
      const [where, name] = key.includes('::') ? key.split('::', 2) : [section, key]
      settings.push({
        section: where ?? section,
        name: afterDot(name ?? key).toLowerCase(),
        value: unquote(said.slice(at + 1)),
        line,
      })
    }
  }
  return settings
}

/** A line that ends in a backslash goes on in the next one. */
function* wholeLines(text: string): Iterable<{ readonly text: string; readonly line: number }> {
  let parts: string[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const part = raw.replace(/\r$/, '')
    const goesOn = part.endsWith('\\')
    parts.push(goesOn ? part.slice(0, -1) : part)
    if (goesOn) continue
    yield { text: parts.join(''), line: index + 2 - parts.length }
    parts = []
  }
  if (parts.length > 0) yield { text: parts.join(''), line: text.split('\n').length + 1 - parts.length }
}

/** What OpenSSL takes for the name: what stands behind the first dot, if there is one. */
function afterDot(name: string): string {
  return name.slice(name.indexOf('.') + 1)
}
