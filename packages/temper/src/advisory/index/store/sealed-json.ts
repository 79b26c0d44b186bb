import { sealOf, unsealed } from '../../../base/sealed.ts'
import { badIndexFile } from '../storage/index-error.ts'

/** JSON of a store's file, with what proves it; `name` is that of the file. */
export function sealedJson(name: string, value: object): string {
  const text = `${JSON.stringify(value)}\n`
  return sealOf(name, text) + text
}

/** The object in a file that `sealedJson` made. Throws `bad-index` for what is damaged. */
export function parseSealed<T extends object>(name: string, bytes: Uint8Array, path: string): T {
  const content = unsealed(name, bytes)
  if (content === undefined) throw badIndexFile(path, 'it is damaged')
  return JSON.parse(Buffer.from(content).toString('utf8')) as T
}
