import { itemsOf, memberOf, textOf } from '../../../base/json/value.ts'
import type { FileContent } from '../../cataloguer.ts'
import { decodeText, parseJson, textLimit } from '../document.ts'
import { type LanguageFact, packageFact } from '../fact.ts'
import { matching, named } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'
import { folderOf, within } from '../place.ts'
import { isCondaCache } from './conda-cache.ts'
import { condaLockFile, readCondaLock } from './conda-lock.ts'
import { readPixiLock } from './pixi-lock.ts'

/** `conda-meta/NAME-VERSION-BUILD.json`: what conda, mamba and micromamba write of each package of an environment. */
function readCondaMeta(file: FileContent): LanguageFact | undefined {
  const meta = parseJson(decodeText(file.bytes), 'conda-meta')
  const prefix = folderOf(folderOf(file.path))
  const qualifiers = {
    build: textOf(memberOf(meta, 'build')) ?? '',
    subdir: textOf(memberOf(meta, 'subdir')) ?? '',
    channel: textOf(memberOf(meta, 'channel'))?.replace(/^.*\//, '') ?? '',
  }
  const files = itemsOf(memberOf(meta, 'files'))
    .filter((path) => typeof path === 'string')
    .filter((path) => !path.startsWith('/') && !path.split('/').includes('..'))
    .map((path) => within(prefix, path))
  const fact = packageFact(memberOf(meta, 'name'), memberOf(meta, 'version'), {
    licence: memberOf(meta, 'license'),
    qualifiers,
    ...(files.length === 0 ? {} : { files }),
    needs: itemsOf(memberOf(meta, 'depends')).flatMap((need) => textOf(need)?.split(' ', 1)[0] ?? []),
  })
  return fact && { kind: 'installed', packages: [fact] }
}

/** Test data of conda itself looks like environments. */
function isRecord(path: string): boolean {
  if (!/(^|\/)conda-meta\/[^/]+\.json$/.test(path) || isCondaCache(path)) return false
  return !/(^|\/)(?:tests?|test_?data|site-packages)\//.test(path)
}

/** Packages of conda environments and their locks. No advisories speak of them by that name; a bill of materials wants them. */
export const condaCataloguer = languageCataloguer({
  id: 'conda',
  type: 'generic',
  purlType: 'conda',
  version: 4,
  sizeLimit: textLimit,
  installsInto: ['conda-meta'],
  kinds: [
    {
      matches: ({ path }) => path.endsWith('.json') && isRecord(path),
      read: readCondaMeta,
    },
    matching(condaLockFile, (file) => readCondaLock(file, 'conda')),
    named(['pixi.lock'], (file) => readPixiLock(file, 'conda')),
  ],
})
