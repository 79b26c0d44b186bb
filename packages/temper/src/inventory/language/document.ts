import { TemperError } from '../../base/error.ts'
import { parseJson as parseForeignJson } from '../../base/json/parse.ts'

/** Most bytes of a manifest or a lock that is text. */
export const textLimit = 64 << 20

/** Deeper JSON is no manifest: version 1 of npm's lock nests a few dozen levels at most. */
const depthLimit = 200

/** UTF-8, or UTF-16 with a byte order mark as .NET's tools write it at times. Invalid bytes become U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  return new TextDecoder(utf16 ? 'utf-16le' : 'utf-8').decode(bytes)
}

/** Reads JSON as the tools of languages do; an error (`bad-archive`, `limit-exceeded`) where it is not one. */
export function parseJson(text: string, where: string): unknown {
  return parseForeignJson(text, {
    where,
    depth: depthLimit,
    refuse: (found) => new TemperError('bad-archive', `${where}: expected JSON, found ${found}`),
    repeated: 'last',
  })
}
