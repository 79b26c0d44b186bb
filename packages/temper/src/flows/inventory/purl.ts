import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'
import { parsePurl } from '../../formats/purl/purl.ts'
import type { InventoryNote } from '../../model/inventory.ts'
import { identify } from '../../sbom/read/package/identify.ts'
import type { TargetInventory } from './target-inventory.ts'

/** Longest package URL that is read. */
const purlLimit = 4096

/**
 * The inventory of the one package that a package URL names. A qualifier `distro` names its distribution. Throws
 * `bad-reference`.
 */
export function purlInventory(text: string): TargetInventory {
  if (text.length > purlLimit || parsePurl(text) === undefined) throw noPurl(text)
  const notes: InventoryNote[] = []
  const note = (passed: InventoryNote) => notes.push(passed)
  const components = identify({ purls: [text], paths: [] }, { distribution: undefined, note })
  const [first] = components
  if (first === undefined) throw noPurl(text)
  const { distribution } = first
  return {
    inventory: {
      ...(distribution === undefined ? {} : { distribution }),
      components: components.map((component) => ({ ...component, foundBy: 'purl' })),
      layers: [],
      notes,
    },
    kind: 'sbom',
    name: printableLine(text, { most: 1000 }),
    title: first.name,
    from: 'package URL',
  }
}

function noPurl(text: string): TemperError {
  return new TemperError('bad-reference', `"${printableLine(text, { most: 120 })}" is not a package URL`, {
    hint: 'Write for example pkg:npm/lodash@4.17.20 or "pkg:deb/debian/openssl@3.0.11-1?distro=debian-12".',
  })
}
