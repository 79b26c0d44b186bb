import { imageRule } from '../rule.ts'
import { forbidPrograms } from './program-rule.ts'

const names =
  /^(?:vi|vim|view|vimdiff|vim\.(?:basic|tiny|nox)|nvim|nano|pico|emacs(?:-[a-z.]+)?|ed|red|joe|mcedit|micro|hx|kak)$/

export const editor = imageRule({
  id: 'editor',
  title: 'No editors',
  why: 'An image is changed by building another one, never inside a container.',
  fix: 'leave it out of the image',
  level: 'note',
  aspect: 'attack-surface',
  tier: 'hardened',
  check: forbidPrograms({ names, what: 'an editor', exceptEntry: true }),
})
