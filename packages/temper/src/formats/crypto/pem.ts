import { TemperError } from '../../base/error.ts'

export interface PemBlock {
  /** "CERTIFICATE", "PRIVATE KEY" and so on. */
  readonly label: string
  readonly bytes: Uint8Array
}

/** Most blocks in one file: the largest CA bundles have a few hundred. */
const maximumBlocks = 10_000

/**
 * Reads the blocks of a PEM text (RFC 7468), skipping text around them.
 * Throws `bad-archive` when a block is not closed or is not base64; `what` names the file in the error.
 */
export function readPem(text: string, options: { readonly what: string }): readonly PemBlock[] {
  const blocks: PemBlock[] = []
  let open: { readonly label: string; readonly lines: string[] } | undefined
  for (const raw of text.split('\n')) {
    const line = raw.trimEnd()
    const begin = /^-----BEGIN ([A-Z0-9 .]{1,64})-----$/.exec(line)?.[1]
    const end = /^-----END ([A-Z0-9 .]{1,64})-----$/.exec(line)?.[1]
    if (begin !== undefined) {
      if (open) throw damaged(options.what, `"${open.label}" is not closed before another block starts`)
      open = { label: begin, lines: [] }
    } else if (end !== undefined) {
      if (open?.label !== end) throw damaged(options.what, `unexpected end of "${end}"`)
      blocks.push({ label: end, bytes: decode(open.lines.join(''), options.what) })
      if (blocks.length > maximumBlocks) {
        throw new TemperError('limit-exceeded', `${options.what}: more than ${maximumBlocks} PEM blocks`)
      }
      open = undefined
    } else open?.lines.push(line)
  }
  if (open) throw damaged(options.what, `"${open.label}" is not closed`)
  return blocks
}

function decode(base64: string, what: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) throw damaged(what, 'not base64')
  return Buffer.from(base64, 'base64')
}

function damaged(what: string, reason: string): TemperError {
  return new TemperError('bad-archive', `${what}: expected PEM text (RFC 7468), found damage: ${reason}`)
}
