import { TemperError } from '../../../base/error.ts'
import { formatPurl, parsePurl } from '../../../formats/purl/purl.ts'
import type { VexJustification, VexProduct, VexStatement, VexStatus } from '../../../model/advisory/vex.ts'
import { timeOf } from '../format/fields.ts'
import { justifications, statuses } from '../format/words.ts'

/** A statement as a person enters it. */
export interface StatementDraft {
  /** CVE or other id. */
  readonly id: string
  readonly aliases: readonly string[]
  readonly status: string
  readonly justification?: string
  readonly statement?: string
  /** Package URLs, or names of Debian packages: "libssl3t64", "libssl3t64@3.5.1-1". */
  readonly packages: readonly string[]
  /** Package URL of the image; absent: the packages themselves are meant, wherever they are. */
  readonly product?: string
  /** A day, YYYY-MM-DD, which counts in full, or a time. */
  readonly expires?: string
}

/**
 * Makes a statement from a draft, checked against the rules of OpenVEX. Throws `bad-usage`, saying which part is
 * wrong.
 */
export function draftStatement(draft: StatementDraft, now: Date): VexStatement {
  const status = word('status', draft.status, statuses)
  const justification =
    draft.justification === undefined ? undefined : word('justification', draft.justification, justifications)
  checkReason(status, justification, draft.statement)
  if (!/^[A-Za-z0-9][A-Za-z0-9._:-]{2,100}$/.test(draft.id))
    throw bad('id: expected the id of a vulnerability such as CVE-2025-1234', draft.id)
  const expires = draft.expires === undefined ? undefined : endOf(draft.expires, now)
  const statement = draft.statement?.trim()
  return {
    vulnerability: draft.id,
    aliases: draft.aliases,
    products: productsOf(draft),
    status,
    ...(justification === undefined ? {} : { justification }),
    ...(statement === undefined || statement === '' ? {} : { statement }),
    timestamp: now.toISOString().replace(/\.\d+Z$/, 'Z'),
    ...(expires === undefined ? {} : { expires }),
  }
}

function word<T extends string>(part: string, text: string, known: readonly T[]): T {
  const match = known.find((each) => each === text.toLowerCase().replaceAll('-', '_'))
  if (match !== undefined) return match
  throw bad(`${part}: expected ${known.join(', ')}`, text)
}

/** OpenVEX 0.2.0, "Status Justifications" and the members of the statement. */
function checkReason(
  status: VexStatus,
  justification: VexJustification | undefined,
  statement: string | undefined,
): void {
  if (status === 'not_affected' && justification === undefined && !statement?.trim()) {
    throw new TemperError(
      'bad-usage',
      '"not_affected" needs a justification, or a statement with the reason',
      {
        hint: `Justifications are ${justifications.join(', ')}.`,
      },
    )
  }
  if (status !== 'not_affected' && justification !== undefined)
    throw new TemperError('bad-usage', `A justification belongs to "not_affected", not to "${status}"`)
  if (status === 'affected' && !statement?.trim())
    throw new TemperError('bad-usage', '"affected" needs a statement that says what to do about it')
}

function productsOf({ packages, product }: StatementDraft): readonly VexProduct[] {
  const purls = packages.map(packagePurl)
  if (product === undefined) return purls.map((id) => ({ id, subcomponents: [] }))
  if (parsePurl(product) === undefined)
    throw bad('product: expected a package URL such as pkg:oci/web', product)
  return [{ id: product, subcomponents: purls }]
}

function packagePurl(text: string): string {
  if (text.startsWith('pkg:')) {
    if (parsePurl(text) === undefined) throw bad('package: expected a package URL', text)
    return text
  }
  const [, name, version] = /^([A-Za-z0-9][A-Za-z0-9+._-]*)(?:[@=]([A-Za-z0-9.+~:-]+))?$/.exec(text) ?? []
  if (name === undefined) throw bad('package: expected the name of a package, or a package URL', text)
  const known = version === undefined ? {} : { version }
  return formatPurl({ type: 'deb', namespace: 'debian', name, ...known })
}

function endOf(text: string, now: Date): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const time = timeOf(isDay ? `${text}T23:59:59Z` : text)
  if (time === undefined || (isDay && !time.startsWith(text)))
    throw bad('expires: expected a day such as 2027-01-31', text)
  if (Date.parse(time) <= now.getTime()) throw bad('expires: expected a day in the future', text)
  return time.replace(/\.000Z$/, 'Z')
}

function bad(expected: string, found: string): TemperError {
  return new TemperError('bad-usage', `${expected}, found "${found.slice(0, 100)}"`)
}
