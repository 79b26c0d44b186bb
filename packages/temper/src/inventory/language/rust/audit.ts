import { inflateSync } from 'node:zlib'
import { TemperError } from '../../../base/error.ts'
import { itemsOf, memberOf, textOf } from '../../../base/json/value.ts'
import { readExecutable } from '../../../formats/executable/read.ts'
import type { FileContent } from '../../cataloguer.ts'
import { decodeText, parseJson } from '../document.ts'
import { distinct, type LanguageFact, packageFact } from '../fact.ts'

/** The most that is unpacked, as the reference implementation recommends: 8 MiB. */
const jsonLimit = 8 << 20

/**
 * The list that cargo-auditable puts into programs: zlib-compressed JSON in a section of its own. Packages that were
 * only needed to build are left out.
 */
export function readAuditData({ bytes }: FileContent): LanguageFact | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const section = readExecutable(file)?.sections.find(({ name }) => /(^|,)\.dep-v0$/.test(name))
  if (section === undefined) return undefined
  const text = unpack(file.subarray(section.offset, section.offset + section.size))
  const list = itemsOf(memberOf(parseJson(text, 'audit data'), 'packages'))
  const nameAt = (index: unknown) => textOf(memberOf(list[Number(index)], 'name')) ?? ''
  const facts = list
    .filter((entry) => memberOf(entry, 'kind') !== 'build')
    .map((entry) =>
      packageFact(memberOf(entry, 'name'), memberOf(entry, 'version'), {
        needs: itemsOf(memberOf(entry, 'dependencies')).map(nameAt),
      }),
    )
  return { kind: 'installed', packages: distinct(facts) }
}

function unpack(packed: Uint8Array): string {
  try {
    return decodeText(inflateSync(packed, { maxOutputLength: jsonLimit }))
  } catch (error) {
    throw new TemperError('bad-archive', 'the audit data of cargo is damaged or larger than 8 MiB', {
      cause: error,
    })
  }
}
