import { ownMember } from '../../../base/own-member.ts'
import { labelOf } from '../labels.ts'
import { imageRule } from '../rule.ts'

/** Images whose distribution calls itself what they are called (ID of os-release(5)). */
const sameName: ReadonlySet<string> = new Set(['debian', 'ubuntu', 'alpine', 'fedora', 'almalinux'])

/** Other images, and what their distribution calls itself. */
const otherNames: Readonly<Record<string, string>> = {
  rockylinux: 'rocky',
  archlinux: 'arch',
  amazonlinux: 'amzn',
  oraclelinux: 'ol',
}

export const claimedBase = imageRule({
  id: 'claimed-base',
  title: 'It is made from the base that it names',
  why: 'Whoever waits for repairs of the base watches the wrong one.',
  fix: 'correct org.opencontainers.image.base.name and .base.digest',
  level: 'warning',
  aspect: 'policy',
  tier: 'secure',
  setting: 'base',
  needs: ['image'],
  *check({ image, inventory, evidence }) {
    const name = labelOf(image, 'org.opencontainers.image.base.name') ?? ''
    const digest = labelOf(image, 'org.opencontainers.image.base.digest') ?? ''
    const place = { kind: 'whole' } as const
    const [, image_ = '', tag = ''] = /(?:^|\/)([a-z]+):([\d.]+)/.exec(name) ?? []
    const id = distributionOf(image_)
    const { distribution } = inventory
    if (
      id !== undefined &&
      distribution !== undefined &&
      (distribution.id !== id || !isOf(distribution.version, tag))
    ) {
      const is = `${distribution.id} ${distribution.version}`
      yield { place, subject: name.slice(0, 200), found: `it names ${image_} ${tag}, but is made from ${is}` }
      return
    }
    const [, hex = ''] = digest.split('sha256:')
    const materials = (evidence?.provenance ?? [])
      .filter((each) => each.evidence.verified)
      .flatMap((each) => each.materials)
    const bases = materials.filter(
      ({ uri = '' }) => uri.startsWith('pkg:docker/') || uri.startsWith('pkg:oci/'),
    )
    if (hex !== '' && bases.length > 0 && !bases.some((base) => base.digest?.['sha256'] === hex))
      yield { place, subject: name.slice(0, 200), found: 'its provenance knows no base of this digest' }
  },
})

function distributionOf(image: string): string | undefined {
  if (sameName.has(image)) return image
  return ownMember(otherNames, image)
}

/** "13" is "13", and "13.1" of "13"; the other way round as well. */
function isOf(version: string, tag: string): boolean {
  return version === tag || version.startsWith(`${tag}.`) || tag.startsWith(`${version}.`)
}
