import type { SecretFinding } from '../../model/advisory/finding.ts'
import type { InventoryNote } from '../../model/inventory.ts'
import { findConfigSecrets } from '../../secrets/image-config.ts'
import { SecretObserver, withLayers } from '../../secrets/observer.ts'
import type { TargetInventory } from '../inventory/target-inventory.ts'

/**
 * Where to search for secrets: wherever layers or files are read anyway ("read"), in all layers even of images whose
 * packages a trusted document lists ("all"), or nowhere ("none").
 */
export type SecretSearch = 'read' | 'all' | 'none'

/** Looks at the files of one target while its inventory is made, and then at its configuration. */
export class TargetSecrets {
  readonly observer = new SecretObserver()

  of({ config, inventory }: TargetInventory): readonly SecretFinding[] {
    const inFiles = withLayers(this.observer.found, inventory.layers)
    return [...(config === undefined ? [] : findConfigSecrets(config)), ...inFiles]
  }

  /** Notes for readers of the result. */
  notes({ from }: TargetInventory): readonly InventoryNote[] {
    if (!from.startsWith('attached')) return []
    const message =
      'The layers were not searched for secrets, because a trusted bill of materials lists the packages'
    return [{ code: 'secrets-not-searched', message: `${message}.` }]
  }
}
