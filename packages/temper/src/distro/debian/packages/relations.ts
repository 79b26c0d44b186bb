import type { PackageRelations } from '../../../model/package/package.ts'
import type { PackageContent } from '../../../model/package/package-content.ts'
import { controlData } from '../archive/control.ts'
import { parseDependencies, parseProvides, parseRequirements } from './relation.ts'

/** What a control file says about other packages. Errors: `bad-index`. */
export function relationsOf(content: Pick<PackageContent, 'own'>): PackageRelations {
  const { control } = controlData(content)
  const multiArch = control['Multi-Arch']
  const text = (field: string) => control[field] ?? ''
  return {
    depends: ['Pre-Depends', 'Depends'].flatMap((field) => parseDependencies(text(field), field)),
    provides: parseProvides(text('Provides')),
    replaces: parseRequirements(text('Replaces'), 'Replaces'),
    multiArch: multiArch === 'same' || multiArch === 'foreign' || multiArch === 'allowed' ? multiArch : 'no',
  }
}
