import type { TreeNode } from '../../../model/tree/file-tree.ts'
import type { ImageSubject } from '../subject.ts'

/** A setting of OpenSSL (config(5)): "[section] name = value". */
export interface OpenSslSetting {
  readonly section: string
  /** In lower case. */
  readonly name: string
  readonly value: string
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

/** The configuration files of OpenSSL in an image, each once. */
export function openSslFiles({ root }: Pick<ImageSubject, 'root'>): OpenSslFile[] {
  const nodes = new Set(files.map((path) => root.resolve(path)).filter((node) => node !== undefined))
  return [...nodes].map((node) => ({ node, settings: parseSettings(node.content ?? new Uint8Array()) }))
}

/** Lines that are no settings are passed over: what OpenSSL makes of them is not known. */
export function parseSettings(content: Uint8Array): OpenSslSetting[] {
  let section = 'default'
  const settings: OpenSslSetting[] = []
  for (const [index, raw] of new TextDecoder().decode(content).split('\n').entries()) {
    const line = raw.split('#', 1)[0]?.trim() ?? ''
    const opened = /^\[([^\]]{1,200})\]$/.exec(line)?.[1]
    const at = line.indexOf('=')
    if (opened !== undefined) section = opened.trim()
    else if (line.startsWith('.include'))
      settings.push({
        ...{ section, name: '.include', line: index + 1 },
        value: line.slice(8).replace(/^[ =]+/, ''),
      })
    else if (at > 0)
      settings.push({
        ...{ section, line: index + 1 },
        name: line.slice(0, at).trim().toLowerCase(),
        value: line.slice(at + 1).trim(),
      })
  }
  return settings
}
