import type { ImagePlan, PackagePlan } from '../../assemble/plan.ts'
import type { StrippedEntry } from '../../assemble/root/populate.ts'
import { TemperError } from '../../base/error.ts'
import type { RelaxableRule } from '../../model/recipe.ts'

const programPath = /(?:^|\/)s?bin\/([^/]+)$/

/**
 * Refuses to build an image without what it was asked for: a package of the recipe whose own program, or all of whose
 * programs, hardening leaves out ("dash", "busybox"). Errors: `not-hardened`.
 */
export function refuseHollow({ packages, stripped }: Pick<ImagePlan, 'packages' | 'stripped'>): void {
  const hollow = packages.flatMap((plan) => {
    const lost = plan.package.wantedBy === 'recipe' ? lostPrograms(plan, stripped) : []
    return lost.length === 0 ? [] : [{ name: plan.package.name, lost }]
  })
  if (hollow.length === 0) return
  const rules = new Set(hollow.flatMap(({ lost }) => lost.flatMap(({ rule }) => rule ?? [])))
  const lines = hollow.map(({ name, lost }) => {
    const paths = lost.map(({ path }) => `/${path}`).join(', ')
    return `  ${name}: ${paths} (${[...new Set(lost.map(({ rule }) => rule))].join(', ')})`
  })
  throw new TemperError(
    'not-hardened',
    `The recipe asks for packages whose programs are left out by hardening:\n${lines.join('\n')}`,
    {
      hint: hint([...rules]),
      details: {
        packages: hollow.map(({ name, lost }) => ({ name, paths: lost.map(({ path }) => `/${path}`) })),
      },
    },
  )
}

function hint(rules: readonly RelaxableRule[]): string {
  const allow = rules.map((rule) => `{ rule: ${rule}, why: … }`).join(', ')
  return `Leave them out of contents.packages, or allow them under hardening.allow: [${allow}]. The reason becomes part of the image.`
}

/** The programs that are missing when the package is there for nothing without them; none when it is not. */
function lostPrograms(
  { package: locked, entries }: PackagePlan,
  stripped: readonly StrippedEntry[],
): StrippedEntry[] {
  const lost = stripped.filter(
    ({ package: owner, path, rule, relaxable }) =>
      owner === locked.name && relaxable && rule !== undefined && programPath.test(path),
  )
  const isOwn = lost.some(({ path }) => programPath.exec(path)?.[1] === locked.name)
  const hasOthers = entries.some(
    ({ path, mode, type }) => programPath.test(path) && (type !== 'file' || (mode & 0o111) !== 0),
  )
  return isOwn || !hasOthers ? lost : []
}
