import type { Hit } from './evaluate.ts'

/** Why a hit counts, as a sentence without a full stop: versions, and who says what about them. */
export function reasonOf(hits: readonly Hit[]): string {
  const hit =
    hits.find(({ range }) => range.end?.kind === 'fixed') ?? hits.find(({ range }) => range.end) ?? hits[0]
  if (hit === undefined) return ''
  const contradicted = hits.some((each) => each.contradicted)
    ? '; the same list also says that it was never affected, but a stated version counts for more'
    : ''
  const isOfStream = hits.some(({ target }) => target.list === 'branch')
  return sentence(hit) + (isOfStream ? '' : laterMinor(hit) + streamUnknown(hit)) + contradicted
}

/**
 * A repair for another minor release of RHEL than the package was built for: whoever stays with that one for an
 * extended stream cannot have it.
 */
function laterMinor({ entry, target, range: { end } }: Hit): string {
  if (end?.kind !== 'fixed' || !entry.affected.ecosystem.startsWith('Red Hat:')) return ''
  const [own, fixed] = [target.version, end.version].map((text) => /\.el(\d+)_(\d+)/.exec(text))
  if (own?.[1] === undefined || own[1] !== fixed?.[1] || Number(own[2]) >= Number(fixed[2])) return ''
  const stay = `${own[1]}.${own[2]}`
  return `; that is for ${fixed[1]}.${fixed[2]}, and no list of an extended stream of ${stay} has a repair`
}

/** What would decide between the lists of RHEL, where nothing tells it. */
function streamUnknown({ target: { undecided } }: Hit): string {
  return undecided === undefined
    ? ''
    : `; it is not known which repository the package came from: if it was an extended stream of ${undecided}, the list of that stream decides`
}

function sentence({ entry, target, range }: Hit): string {
  const { name, version, role, shown = version } = target
  const subject = role === undefined ? shown : `${role} ${name} ${shown}`
  const { ecosystem } = entry.affected
  switch (range.end?.kind) {
    case 'fixed':
      return `${subject} is below ${range.end.version}, fixed in ${ecosystem}${whoGetsIt(ecosystem)}`
    case 'lastAffected':
      return `${subject} is not above ${range.end.version}, the last affected version in ${ecosystem}`
    default:
      return entry.affected.versions.includes(version)
        ? `${subject} is listed as affected in ${ecosystem}`
        : `${subject} is affected in ${ecosystem}, which knows of no fixed version`
  }
}

function whoGetsIt(ecosystem: string): string {
  if (ecosystem.startsWith('Ubuntu:Pro:')) return ', for customers of Ubuntu Pro only'
  if (ecosystem.startsWith('Red Hat:rhel_els:'))
    return ', for customers of the extended life-cycle support only'
  return ''
}
