import { matching } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'
import { readUses } from './workflow.ts'

/**
 * What workflows of GitHub Actions run: other people's actions and workflows, by the repository that they are fetched from.
 */
export const actionsCataloguer = languageCataloguer({
  id: 'github-actions',
  type: 'githubactions',
  version: 4,
  sizeLimit: 4 << 20,
  installsInto: [],
  kinds: [matching(/(?:^|\/)(?:\.github\/workflows\/[^/]+|action)\.ya?ml$/, readUses)],
})
