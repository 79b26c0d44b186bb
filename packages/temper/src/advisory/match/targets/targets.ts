import type { Component } from '../../../model/inventory.ts'
import { actionTargets } from './action-targets.ts'
import { apkTargets, debTargets, rpmTargets } from './distribution-targets.ts'
import { languageTargets } from './language-targets.ts'
import type { MatchTarget } from './target.ts'

/** Every name under which advisories may list a component; `ecosystems` are those of its distribution. */
export function targetsOf(component: Component, ecosystems: readonly string[]): readonly MatchTarget[] {
  switch (component.type) {
    case 'deb':
      return debTargets(component, ecosystems)
    case 'apk':
      return apkTargets(component, ecosystems)
    case 'rpm':
      return rpmTargets(component, ecosystems)
    case 'githubactions':
      return actionTargets(component)
    default:
      return languageTargets(component)
  }
}
