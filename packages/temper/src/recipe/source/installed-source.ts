import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { TemperError } from '../../base/error.ts'

/**
 * The folder of an installed package of Temper, "@temper-images/server", or of the catalogue that comes with it,
 * "@temper-images/catalog"; undefined when it is not installed.
 */
export type FindInstalled = (name: string) => string | undefined

/**
 * A part of Temper's own packages as they are installed, which a recipe names by the package: "@temper-images/temper/dist",
 * "@temper-images/catalog/node/24/package-lock.json". Undefined
 * for any other name. Throws `not-found` for a package that is not installed, and for a checkout in which none was built.
 */
export function installedSource(
  source: string,
  find: FindInstalled,
): { readonly folder: string; readonly path: string } | undefined {
  const [, name, path] = /^(@temper-images\/[a-z]+)\/(.+)$/.exec(source) ?? []
  if (name === undefined || path === undefined) return undefined
  const folder = find(name)
  const what = `The recipe adds ${source}, a part of Temper as it is installed here`
  if (folder === undefined)
    throw new TemperError('not-found', `${what}, but the package ${name} is not`, {
      hint: `Install it beside Temper: npm install ${name}`,
    })
  if (name !== '@temper-images/catalog' && !existsSync(join(folder, 'dist')))
    throw new TemperError('not-found', `${what}, but ${join(folder, 'dist')} does not exist`, {
      hint: 'In a checkout the packages are made first: npm run build.',
    })
  return { folder, path }
}
