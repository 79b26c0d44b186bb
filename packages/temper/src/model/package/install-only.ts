import type { RelaxableRule } from '../recipe.ts'

/** Why a package is needed only while installing, or is what hardening forbids. */
export interface InstallOnly {
  /** A phrase for people: "asks the administrator questions while installing". */
  readonly reason: string
  /** The relaxation of a recipe that keeps the package after all. */
  readonly relaxedBy?: RelaxableRule
}

/** Judges the package `name` as a dependency of `neededBy`; undefined when it serves at run time. */
export type InstallOnlyRule = (name: string, neededBy: string) => InstallOnly | undefined
