import type { RelaxableRule } from '../recipe.ts'

/** Why a package is needed only during installation, or is forbidden by hardening. */
export interface InstallOnly {
  /** A phrase for people: "asks the administrator questions while installing". */
  readonly reason: string
  /** The relaxation in a recipe that keeps the package. */
  readonly relaxedBy?: RelaxableRule
}

/** Judges the package `name` as a dependency of `neededBy`; undefined when it serves at run time. */
export type InstallOnlyRule = (name: string, neededBy: string) => InstallOnly | undefined
