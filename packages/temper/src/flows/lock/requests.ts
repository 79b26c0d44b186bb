import { TemperError } from '../../base/error.ts'
import type { Distro } from '../../model/distro.ts'
import { needsLocaleData } from '../../model/locale.ts'
import type { PackageRequest } from '../../model/package/package.ts'
import type { Recipe } from '../../model/recipe.ts'

/** Everything that a recipe requests and excludes, explicitly or by other settings. */
export function requestsOf(
  recipe: Recipe,
  distro: Pick<Distro, 'localePackage' | 'fipsPackage'>,
): readonly PackageRequest[] {
  const { packages, without = [] } = recipe.contents
  const implied = [localesOf(recipe, distro), fipsOf(recipe, distro)].flat()
  return [
    ...packages,
    ...implied
      .filter((name) => !packages.some((asked) => asked.name === name && !asked.excluded))
      .map((name) => ({ name, excluded: false })),
    ...without.map((name) => ({ name, excluded: true })),
  ]
}

function localesOf(
  { locales = [], distribution }: Recipe,
  { localePackage }: Pick<Distro, 'localePackage'>,
): readonly string[] {
  if (!locales.some(needsLocaleData)) return []
  if (localePackage === undefined)
    throw new TemperError('bad-recipe', `locales: the C library of ${distribution} has no compiled locales`, {
      hint: 'It accepts any name in LANG, and text is always UTF-8: set LANG under environment, and add the packages that have the messages (musl-locales-lang, NAME-lang).',
    })
  return [localePackage]
}

function fipsOf(
  { fips, distribution }: Recipe,
  { fipsPackage }: Pick<Distro, 'fipsPackage'>,
): readonly string[] {
  if (fips !== true) return []
  if (fipsPackage === undefined)
    throw new TemperError(
      'bad-recipe',
      `fips: ${distribution} has no package with a FIPS module of OpenSSL`,
      {
        hint: 'Debian 13 has one.',
      },
    )
  return [fipsPackage]
}
