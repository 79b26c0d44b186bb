import { solve } from '../../assemble/solve/solve.ts'
import type { Distro } from '../../model/distro.ts'
import type { LockedPackage } from '../../model/lock.ts'
import type { PackageSource } from '../../model/package/package-source.ts'
import type { Architecture } from '../../model/platform.ts'
import type { StepRequest } from '../../model/recipe-parts/step.ts'
import { lockedPackage } from '../lock/locked-package.ts'

/** Chooses the packages of a step's sandbox: those that it asks for and a shell, with their dependencies. */
export async function stepPackages(
  step: StepRequest,
  source: PackageSource,
  options: {
    readonly distro: Distro
    readonly architecture: Architecture
    readonly keep?: ReadonlyMap<string, string> | undefined
  },
): Promise<readonly LockedPackage[]> {
  const { distro, architecture, keep } = options
  const shell = distro.interpreterPackage('/bin/sh')?.name
  const isAsked = shell === undefined || step.packages.some(({ name }) => name === shell)
  const requests = isAsked ? step.packages : [...step.packages, { name: shell, excluded: false }]
  const solution = solve(requests, await source.index(architecture), {
    architecture,
    rules: distro.rules,
    ...(keep === undefined ? {} : { keepVersions: keep }),
  })
  const pinned = (await source.pin?.(solution.packages.map(({ package: indexed }) => indexed))) ?? []
  return solution.packages.map((each, at) => lockedPackage(each, pinned[at] ?? each.package))
}
