import { posix } from 'node:path'
import { TemperError } from '../../../../base/error.ts'
import { needsLocaleData } from '../../../../model/locale.ts'
import { nameOf, parentOf } from '../../../../model/tree/path.ts'
import type { Effect } from '../effect.ts'
import type { Stage } from '../stage.ts'

const folder = 'usr/lib/locale'

/**
 * Effect: keeps only the locales that the recipe asks for, from a package with all compiled locales. There most files
 * of a locale are links to an equal file of another locale; the file is moved to where it is needed, and the other
 * locales are removed.
 */
export const compiledLocales: Effect = {
  id: 'compiled-locales',
  title: 'Compiled locales by name',
  why: 'Locales other than C.UTF-8 are compiled when locale-gen runs; all of them together are 230 MB.',
  source: 'locale(7), setlocale(3); the folders of localedef(1) below /usr/lib/locale',
  start({ stage, options, note }) {
    const wanted = (options.locales ?? []).filter(needsLocaleData)
    if (wanted.length === 0) return {}
    const folders = stage.list(folder)
    const kept = new Set(wanted.map((name) => `${folder}/${folderOf(name, folders)}`))
    const owner = packageOf(stage, [...kept][0] ?? '')
    // Looked up before files move: a folder that gave all it had is nobody's.
    const others = folders
      .map((name) => `${folder}/${name}`)
      .filter((path) => !kept.has(path) && packageOf(stage, path) === owner)
    gatherFiles(stage, [...kept].sort())
    for (const path of others) stage.remove(path)
    note('compiled-locales', `${wanted.join(', ')}; ${others.length} others left out`)
    return {}
  },
}

/** The folder of a locale, as glibc looks for it: with its codeset, or without when there is only one (aa_ET). */
function folderOf(name: string, folders: readonly string[]): string {
  const [, place = name, codeset, modifier = ''] = /^([^.@]+)(?:\.([^@]+))?(@.+)?$/.exec(name) ?? []
  const normalised = codeset === undefined ? undefined : normaliseCodeset(codeset)
  const plain = `${place}${modifier}`
  const exact = normalised === undefined ? plain : `${place}.${normalised}${modifier}`
  if (folders.includes(exact)) return exact
  if (normalised === 'utf8' && folders.includes(plain)) return plain
  const near = folders.filter((other) => other.startsWith(place.slice(0, 3)) && other !== 'C.utf8')
  throw new TemperError('bad-recipe', `locales: the release has no locale "${name}"`, {
    hint: near.length === 0 ? 'Its name is like "de_DE.UTF-8".' : `There is ${near.slice(0, 12).join(', ')}.`,
    details: { locale: name },
  })
}

/** As glibc does in names of folders: letters and digits, in lower case; of digits alone it is an ISO standard. */
function normaliseCodeset(codeset: string): string {
  const short = codeset.toLowerCase().replace(/[^a-z0-9]/g, '')
  return /^\d+$/.test(short) ? `iso${short}` : short
}

/** Puts the file in the place of each link that leads out of the kept folders; two links to one share it. */
function gatherFiles(stage: Stage, kept: readonly string[]): void {
  const links = kept.flatMap((path) => [...filesBelow(stage, path)]).filter(({ type }) => type === 'symlink')
  const leading = links.map(({ path, target = '' }) => ({ path, target, real: stage.realPath(path) }))
  const isKept = (path: string) => kept.some((own) => path.startsWith(`${own}/`))
  const movedTo = new Map<string, string>()
  for (const { path, target, real } of leading) {
    if (real === undefined) continue
    if (isKept(real)) {
      // What it leads through may go, where what it leads to stays.
      if (!isKept(posix.resolve('/', parentOf(path), target).slice(1)))
        stage.put({ path, type: 'symlink', mode: 0o777, target: `/${real}` })
      continue
    }
    const first = movedTo.get(real)
    if (first === undefined) {
      stage.remove(path)
      stage.move(real, path)
      movedTo.set(real, path)
    } else stage.put({ path, type: 'symlink', mode: 0o777, target: `/${first}` })
  }
}

interface FileBelow {
  readonly path: string
  readonly type: string
  readonly target?: string
}

function* filesBelow(stage: Stage, path: string): Iterable<FileBelow> {
  for (const name of stage.list(path)) {
    const node = stage.get(`${path}/${name}`)
    if (node?.type === 'directory') yield* filesBelow(stage, node.path)
    else if (node !== undefined) yield node
  }
}

/** The package that brings what is in a folder. */
function packageOf(stage: Stage, path: string): string | undefined {
  for (const file of filesBelow(stage, path)) {
    const origin = stage.get(file.path)?.origin
    // A folder of the recipe's own, or one that holds something else than locales, is nobody's to remove.
    if (origin?.kind !== 'package' || !/^(LC_|SYS_LC_)/.test(nameOf(file.path))) return undefined
    return origin.package
  }
  return undefined
}
