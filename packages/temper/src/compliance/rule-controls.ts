import type { Control } from '../model/rule.ts'
import { frameworks } from './frameworks.ts'

/** What each rule is evidence for, by the rule's id: the same maps as `temper comply` reads, the other way round. */
export function ruleControls(): ReadonlyMap<string, readonly Control[]> {
  const controls = new Map<string, Control[]>()
  for (const framework of frameworks)
    for (const { id, rules } of framework.controls)
      for (const rule of new Set(rules)) {
        const known = controls.get(rule)
        if (known === undefined) controls.set(rule, [{ framework: framework.id, id }])
        else known.push({ framework: framework.id, id })
      }
  return controls
}
