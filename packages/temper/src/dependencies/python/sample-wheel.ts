import { createHash } from 'node:crypto'
import { buildZip } from '../../formats/zip/sample.ts'

/** A wheel for tests; `lie` replaces what its RECORD says of a file. */
export function buildWheel(
  files: Readonly<Record<string, string>>,
  {
    info = 'demo-1.0.dist-info',
    lie = {},
  }: { readonly info?: string; readonly lie?: Readonly<Record<string, string>> } = {},
): Buffer {
  const all: Record<string, string> = {
    [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n',
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    ...files,
  }
  const lines = Object.entries(all).map(([name, text]) => {
    const hash = `sha256=${createHash('sha256').update(text).digest('base64url')}`
    return `${name.includes(',') ? `"${name}"` : name},${lie[name] ?? hash},${text.length}`
  })
  const record = [...lines, `${info}/RECORD,,`].join('\n')
  const entries = Object.entries({ ...all, [`${info}/RECORD`]: record })
  return buildZip({ entries: entries.map(([name, content]) => ({ name, content })) })
}
