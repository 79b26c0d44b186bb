import { variableOf } from '../environment.ts'
import type { ImageSubject } from '../subject.ts'

const claim = /(?:^|[._/-])fips(?:[._-]?(?:mode|enabled|compliant|140(?:-?[23])?))?$/i
const yes = /^(?:1|true|yes|on|enabled|140-[23])$/i
const certificateKey = /(?:fips|cmvp)[\w./-]{0,40}cert|cert[\w./-]{0,40}(?:fips|cmvp)|(?:^|[./-])cmvp$/i

/** Where an image says that it uses FIPS modules; undefined when it does not. */
export function fipsClaim({ image }: Pick<ImageSubject, 'image'>): string | undefined {
  const settings = image?.settings
  for (const [key, value] of says(image)) if (claim.test(key) && yes.test(value)) return key.slice(0, 200)
  if (settings === undefined) return undefined
  const variable = ['OPENSSL_FIPS', 'OPENSSL_FORCE_FIPS_MODE'].find((name) =>
    yes.test(variableOf(settings, name) ?? ''),
  )
  return variable === undefined ? undefined : `ENV ${variable}`
}

/** Certificate numbers that an image names in labels and annotations, as it writes them. */
export function namedCertificates({ image }: Pick<ImageSubject, 'image'>): readonly string[] {
  const values = says(image).flatMap(([key, value]) => (certificateKey.test(key) ? [value] : []))
  const numbers = values.flatMap(
    (value) => value.slice(0, 200).match(/(?<![0-9])[1-9][0-9]{2,4}(?![0-9])/g) ?? [],
  )
  return [...new Set(numbers)]
}

function says(image: ImageSubject['image']): readonly (readonly [string, string])[] {
  return Object.entries({ ...image?.settings.Labels, ...image?.annotations })
}
