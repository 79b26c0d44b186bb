import { matching } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'
import { readUses } from './workflow.ts'

/**
 * What workflows of GitHub Actions run: other people's actions and workflows, by the repository that they are fetched from. As
 * repositories they have no ecosystem, so that nothing is compared with them; a bill of materials wants them.
 */
export const actionsCataloguer = languageCataloguer({
  id: 'github-actions',
  type: 'generic',
  purlType: 'github',
  version: 1,
  sizeLimit: 4 << 20,
  installsInto: [],
  kinds: [matching(/(?:^|\/)\.github\/(?:workflows\/[^/]+|actions\/(?:.+\/)?action)\.ya?ml$/, readUses)],
})
