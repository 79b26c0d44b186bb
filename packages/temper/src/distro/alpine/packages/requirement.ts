import { type ApkRelation, parseRelations } from '../../../formats/apk/relation.ts'
import type { Requirement } from '../../../model/package/package.ts'

const relations: Readonly<
  Record<NonNullable<ApkRelation['relation']>, NonNullable<Requirement['relation']>>
> = {
  '<': '<<',
  '<=': '<=',
  '=': '=',
  '>=': '>=',
  '>': '>>',
  '~': '~',
}

/** Marks a conflict with everything else that provides a name in some version. */
export const soleProvider = 'sole'

function requirement({ name, relation, version }: ApkRelation): Requirement {
  return {
    name,
    ...(relation === undefined || version === undefined ? {} : { relation: relations[relation], version }),
  }
}

/** A list of names, with versions or without: what is provided or replaced. Errors: `bad-index`. */
export function readRequirements(text: string, where: string): readonly Requirement[] {
  return parseRelations(text, where).map(requirement)
}

/** Dependencies and, with "!" in front, conflicts, which apk writes into one list. Errors: `bad-index`. */
export function readDependencies(
  text: string,
  where: string,
): { readonly depends: readonly (readonly Requirement[])[]; readonly conflicts: readonly Requirement[] } {
  const all = parseRelations(text, where)
  return {
    depends: all.filter(({ conflict }) => conflict === undefined).map((each) => [requirement(each)]),
    conflicts: all.filter(({ conflict }) => conflict !== undefined).map(requirement),
  }
}

/**
 * Of packages that provide a name in a version only one can be installed; without a version there may be several
 * (apk-package(5), "provides").
 */
export function soleProvisions(provides: readonly Requirement[]): readonly Requirement[] {
  return provides
    .filter(({ version }) => version !== undefined)
    .map(({ name }) => ({ name, qualifier: soleProvider }))
}
