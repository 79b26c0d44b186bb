import { variablesOf } from '../environment.ts'
import { imageRule } from '../rule.ts'

/** What makes the loader load code that a program did not ask for (ld.so(8)). */
const loading: ReadonlySet<string> = new Set(['LD_PRELOAD', 'LD_AUDIT', 'LD_LIBRARY_PATH'])

export const preloadedLibrary = imageRule({
  id: 'preloaded-library',
  title: 'No variable makes programs load other libraries',
  why: 'A library that a variable loads into every program sees everything that they do. Whoever can write to that place runs code in them.',
  fix: 'remove the ENV line, and install libraries where the loader looks',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  setting: 'environment',
  needs: ['image'],
  *check({ image }) {
    for (const { name, value } of variablesOf(image.settings)) {
      if (!loading.has(name) || value === '') continue
      yield {
        place: { kind: 'whole' },
        subject: `ENV ${name}`,
        found: `${name} is set to "${value.slice(0, 200)}"`,
      }
    }
  },
})
