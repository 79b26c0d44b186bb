import type { Relaxation } from '../../model/recipe.ts'
import { defineRule } from '../../model/rule.ts'

/** The rule about relaxations of a recipe that nothing needed. */
export const unusedRelaxation = defineRule<readonly Relaxation[], 'unused-relaxation'>({
  id: 'unused-relaxation',
  title: 'Every relaxation of a rule is needed',
  why: 'An exception that nothing needs any more should be closed before something else uses it.',
  fix: 'remove it from the recipe',
  level: 'warning',
  *check(unused) {
    for (const { rule, path } of unused) {
      const where = path === undefined ? '' : ` for ${path}`
      yield {
        subject: 'hardening.allow',
        place: { kind: 'whole' },
        found: `nothing in the image needs the relaxation of "${rule}"${where}`,
      }
    }
  },
})
