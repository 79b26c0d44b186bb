import { forbidPaths } from '../leftovers/path-rule.ts'
import { imageRule } from '../rule.ts'

const files =
  /(?:^|\/)\.env(?:\.(?:local|dev|development|prod|production|staging|test|private))?$|(?:^|\/)\.(?:envrc|flaskenv)$/

export const environmentFile = imageRule({
  id: 'environment-file',
  title: 'No environment files of developers',
  why: 'Such a file exists to keep secrets out of the code. In an image everybody can read it.',
  fix: 'list it in .dockerignore, and give the variables when the container starts',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'minimal',
  check: forbidPaths(files, 'an environment file of developers'),
})
