import type { Advisory, AffectedPackage } from '../../../model/advisory/advisory.ts'
import { parseEcosystem } from '../../ecosystem.ts'
import { encodeAffected } from './entry-code.ts'
import { feedMark, idPrefix, packagePrefix } from './keys.ts'
import { encodeRecord } from './record-code.ts'
import type { Row } from './row.ts'

const noValue = Buffer.alloc(0)

/** The row of one package that an advisory speaks of. */
export function packageRow(advisory: Omit<Advisory, 'feed'>, affected: AffectedPackage): Row {
  const { ecosystem, name, ...content } = affected
  const { scheme } = parseEcosystem(ecosystem)
  return {
    key: packagePrefix(ecosystem, name) + idPrefix(advisory.id) + feedMark(0),
    value: encodeAffected(content, { scheme, withdrawn: advisory.withdrawn !== undefined }),
  }
}

/** The row of what an advisory says apart from packages. */
export function recordRow(advisory: Omit<Advisory, 'feed'>): Row {
  const { id, affected: _affected, ...content } = advisory
  return { key: idPrefix(id) + feedMark(0), value: encodeRecord(content) }
}

/** Rows by which an advisory is found under its other names. */
export function nameRows(advisory: Omit<Advisory, 'feed'>): readonly Row[] {
  return advisory.aliases.map((alias) => ({
    key: idPrefix(alias) + idPrefix(advisory.id) + feedMark(0),
    value: noValue,
  }))
}
