import type { Hit } from './evaluate.ts'

/** Why a hit counts, in a sentence without full stop: versions, and who says what of them. */
export function reasonOf(hits: readonly Hit[]): string {
  const hit =
    hits.find(({ range }) => range.end?.kind === 'fixed') ?? hits.find(({ range }) => range.end) ?? hits[0]
  if (hit === undefined) return ''
  const contradicted = hits.some((each) => each.contradicted)
    ? '; the same list also says that it never was affected, and a stated version counts for more'
    : ''
  return sentence(hit) + contradicted
}

function sentence({ entry, target, range }: Hit): string {
  const { name, version, role } = target
  const subject = role === undefined ? version : `${role} ${name} ${version}`
  const { ecosystem } = entry.affected
  switch (range.end?.kind) {
    case 'fixed':
      return `${subject} is below ${range.end.version}, fixed in ${ecosystem}${proOnly(ecosystem)}`
    case 'lastAffected':
      return `${subject} is not above ${range.end.version}, the last affected version in ${ecosystem}`
    default:
      return entry.affected.versions.includes(version)
        ? `${subject} is listed as affected in ${ecosystem}`
        : `${subject} is affected in ${ecosystem}, which knows of no fixed version`
  }
}

function proOnly(ecosystem: string): string {
  return ecosystem.startsWith('Ubuntu:Pro:') ? ', for customers of Ubuntu Pro only' : ''
}
