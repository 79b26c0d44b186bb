import { labelOf } from '../labels.ts'
import { imageRule } from '../rule.ts'

const family = /\b(?:AGPL|LGPL|GPL)\b/
const key = 'org.opencontainers.image.licenses'

export const claimedLicence = imageRule({
  id: 'claimed-licence',
  title: 'The licences that it names are those of its contents',
  why: 'Whoever reads "MIT" does not expect to have to provide source code. The annotation is about the whole image.',
  fix: 'name the licences of the packages too, or leave the annotation out',
  level: 'note',
  aspect: 'policy',
  tier: 'secure',
  setting: 'label',
  needs: ['image'],
  *check({ image, inventory }) {
    const claimed = labelOf(image, key) ?? ''
    if (claimed === '' || family.test(claimed)) return
    const copyleft = inventory.components.filter(({ licence = '' }) => isOnly(licence))
    const [first] = copyleft
    if (first !== undefined)
      yield {
        place: { kind: 'whole' },
        subject: key,
        found: `it says "${claimed.slice(0, 100)}"; ${first.name} is under ${first.licence?.slice(0, 100) ?? ''}, with ${copyleft.length - 1} more`,
      }
  },
})

/** Under a licence of this family, without the choice of another one. */
function isOnly(licence: string): boolean {
  return family.test(licence) && !/\bor\b|\//i.test(licence)
}
