import { TemperError } from '../../base/error.ts'
import type { Distro } from '../../model/distro.ts'
import { needsLocaleData } from '../../model/locale.ts'
import type { PackageRequest } from '../../model/package/package.ts'
import type { Recipe } from '../../model/recipe.ts'

/** All that a recipe asks for and keeps out, in so many words or by what else it says. */
export function requestsOf(
  { contents, locales = [], distribution }: Recipe,
  { localePackage }: Pick<Distro, 'localePackage'>,
): readonly PackageRequest[] {
  const without = (contents.without ?? []).map((name) => ({ name, excluded: true }))
  if (!locales.some(needsLocaleData)) return [...contents.packages, ...without]
  if (localePackage === undefined)
    throw new TemperError('bad-recipe', `locales: the C library of ${distribution} has no compiled locales`, {
      hint: 'It takes any name in LANG, and texts are always UTF-8: set LANG under environment, and add the packages that have the messages (musl-locales-lang, NAME-lang).',
    })
  const asked = contents.packages.some(({ name, excluded }) => name === localePackage && !excluded)
  const added = asked ? [] : [{ name: localePackage, excluded: false }]
  return [...contents.packages, ...added, ...without]
}
