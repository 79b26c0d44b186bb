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

/** Marks a conflict about the sole provider of a name, with the version in which its owner provides it, if any. */
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
 * A name that is provided with a version belongs to one package, and the package of that name provides it in its own
 * version; only without a version can several packages provide it side by side (apk-package(5), "provides";
 * apk-tools, src/solver.c, "conflicting provides").
 */
export function soleProvisions(provides: readonly Requirement[]): readonly Requirement[] {
  return provides.map(({ name, version }) => ({
    name,
    qualifier: soleProvider,
    ...(version === undefined ? {} : { relation: '=', version }),
  }))
}
