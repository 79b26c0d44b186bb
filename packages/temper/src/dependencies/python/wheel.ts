import { createHash } from 'node:crypto'
import { TemperError } from '../../base/error.ts'
import { openZip, type ZipArchive } from '../../formats/zip/open.ts'
import { memorySource } from '../../formats/zip/source.ts'
import type { InstalledFile } from '../../model/recipe-parts/dependency.ts'
import { consoleScripts, scriptText, withInterpreter } from './scripts.ts'
import { normalisedName, parseWheelName } from './tags.ts'

/** Where modules and what comes with them go, without a slash at the end. */
export interface PythonPlaces {
  readonly modules: string
  readonly scripts: string
  readonly data: string
  readonly headers: string
}

/** What one wheel may hold. */
const limits = { entries: 50_000, bytes: 1024 * 1024 * 1024 }

/** The interpreter that scripts begin with: both Debian's and Alpine's are there. */
export const interpreter = '/usr/bin/python3'

/**
 * Installs a wheel as PyPA's "Binary distribution format" says, without running anything: modules, what lies in `.data`, scripts
 * with the interpreter of the image, programs of entry points, INSTALLER, and RECORD with what was installed. Every file that
 * the wheel's own RECORD lists is checked; what is not to be kept is not in the new one either. Throws `bad-archive` when it is not a wheel of that name, or damaged.
 */
export function installWheel(
  bytes: Uint8Array,
  file: string,
  options: { readonly places: PythonPlaces; readonly isKept?: (file: InstalledFile) => boolean },
): readonly InstalledFile[] {
  const { places, isKept = () => true } = options
  const what = `the wheel ${file}`
  const zip = openZip(memorySource(bytes), {
    what,
    limits: { entries: limits.entries },
    budget: { left: limits.bytes },
  })
  if (zip.refused.length > 0)
    throw badWheel(what, `${JSON.stringify(zip.refused[0]?.slice(0, 200))} points outside the wheel`)
  const info = infoFolder(zip, { file, what })
  checkVersion(zip, info, what)
  const known = readRecord(zip, info, what)
  const dataFolder = info.replace(/\.dist-info$/, '.data')
  const installed: InstalledFile[] = []
  for (const entry of zip.entries) {
    const { name } = entry
    if (name.endsWith('/') || name === `${info}/RECORD` || isSignature(name, info)) continue
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it keeps out
    if (/[\x00-\x1f\x7f]/.test(name) || name.split('/').some((part) => part === '' || part === '.'))
      throw badWheel(what, `it has a file with an odd name: ${JSON.stringify(name.slice(0, 200))}`)
    const content = Buffer.from(zip.read(entry))
    checkHash(content, known.get(name), { name, what })
    const mode = ((entry.unixMode ?? 0) & 0o111) === 0 ? 0o644 : 0o755
    installed.push(placed({ name, content, mode }, { dataFolder, places, what }))
  }
  const entryPoints = zip.find(`${info}/entry_points.txt`)
  if (entryPoints !== undefined)
    for (const script of consoleScripts(Buffer.from(zip.read(entryPoints)).toString('utf8'), what))
      installed.push({
        path: `${places.scripts}/${script.name}`,
        mode: 0o755,
        content: Buffer.from(scriptText(script, interpreter)),
      })
  installed.push({
    path: `${places.modules}/${info}/INSTALLER`,
    mode: 0o644,
    content: Buffer.from('temper\n'),
  })
  const kept = installed.filter(isKept)
  return [...kept, newRecord(kept, info, places)]
}

function placed(
  { name, content, mode }: { readonly name: string; readonly content: Buffer; readonly mode: number },
  {
    dataFolder,
    places,
    what,
  }: { readonly dataFolder: string; readonly places: PythonPlaces; readonly what: string },
): InstalledFile {
  if (!name.startsWith(`${dataFolder}/`)) return { path: `${places.modules}/${name}`, mode, content }
  const [kind = '', ...rest] = name.slice(dataFolder.length + 1).split('/')
  const below = rest.join('/')
  switch (below === '' ? '' : kind) {
    case 'purelib':
    case 'platlib':
      return { path: `${places.modules}/${below}`, mode, content }
    case 'scripts':
      return {
        path: `${places.scripts}/${below}`,
        mode: 0o755,
        content: withInterpreter(content, interpreter),
      }
    case 'data':
      return { path: `${places.data}/${below}`, mode, content }
    case 'headers':
      return { path: `${places.headers}/${below}`, mode, content }
    default:
      throw badWheel(what, `it does not say where ${JSON.stringify(name.slice(0, 200))} belongs`)
  }
}

/** The one `.dist-info` folder, of the package and version that the name of the file says. */
function infoFolder(
  zip: ZipArchive,
  { file, what }: { readonly file: string; readonly what: string },
): string {
  const folders = new Set(zip.entries.flatMap(({ name }) => /^([^/]+\.dist-info)\//.exec(name)?.[1] ?? []))
  const [folder] = folders
  if (folder === undefined || folders.size !== 1)
    throw badWheel(what, `expected one .dist-info folder, found ${folders.size}`)
  const wanted = parseWheelName(file)
  const [, name = '', version = ''] = /^(.+)-([^-]+)\.dist-info$/.exec(folder) ?? []
  if (normalisedName(name) !== wanted?.name)
    throw badWheel(what, `it is for the package ${JSON.stringify(name.slice(0, 100))}`)
  if (version.replaceAll('_', '-') !== wanted.version)
    throw badWheel(what, `it is version ${version.slice(0, 100)}`)
  return folder
}

function checkVersion(zip: ZipArchive, info: string, what: string): void {
  const entry = zip.find(`${info}/WHEEL`)
  const text = entry === undefined ? '' : Buffer.from(zip.read(entry)).toString('utf8')
  const version = /^Wheel-Version:\s*(\d{1,4})\.(\d{1,4})\s*$/m.exec(text)?.[1]
  if (version !== '1') throw badWheel(what, `expected Wheel-Version 1, found ${version ?? 'none'}`)
}

/** Path → "sha256=…" of the RECORD, which is CSV; undefined where it gives none. */
function readRecord(zip: ZipArchive, info: string, what: string): ReadonlyMap<string, string> {
  const entry = zip.find(`${info}/RECORD`)
  if (entry === undefined) throw badWheel(what, 'it has no RECORD')
  const known = new Map<string, string>()
  for (const line of Buffer.from(zip.read(entry)).toString('utf8').split(/\r?\n/)) {
    const [, quoted, plain, hash = ''] = /^(?:"((?:[^"]|"")*)"|([^,"]*)),([^,]*),[^,]*$/.exec(line) ?? []
    const path = quoted?.replaceAll('""', '"') ?? plain
    if (path !== undefined && path !== '') known.set(path, hash)
  }
  return known
}

function checkHash(
  content: Uint8Array,
  recorded: string | undefined,
  { name, what }: { readonly name: string; readonly what: string },
): void {
  if (recorded === undefined)
    throw badWheel(what, `its RECORD does not list ${JSON.stringify(name.slice(0, 200))}`)
  const [algorithm = '', value = ''] = recorded.split('=')
  if (!['sha256', 'sha384', 'sha512'].includes(algorithm))
    throw badWheel(what, `its RECORD has no digest of ${JSON.stringify(name.slice(0, 200))}`)
  if (createHash(algorithm).update(content).digest('base64url') !== value)
    throw badWheel(what, `${JSON.stringify(name.slice(0, 200))} does not match its RECORD`)
}

/** Signatures of RECORD are of no use once it is another. */
function isSignature(name: string, info: string): boolean {
  return name === `${info}/RECORD.jws` || name === `${info}/RECORD.p7s`
}

function newRecord(
  installed: readonly InstalledFile[],
  info: string,
  { modules }: PythonPlaces,
): InstalledFile {
  const lines = installed.map(({ path, content }) => {
    const name = relativeTo(modules, path)
    const shown = /[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name
    return `${shown},sha256=${createHash('sha256').update(content).digest('base64url')},${content.length}\n`
  })
  const text = [...lines.sort(), `${info}/RECORD,,\n`].join('')
  return { path: `${modules}/${info}/RECORD`, mode: 0o644, content: Buffer.from(text) }
}

function relativeTo(folder: string, path: string): string {
  const [from, to] = [folder.split('/'), path.split('/')]
  let same = 0
  while (same < from.length && from[same] === to[same]) same++
  return [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/')
}

export function badWheel(what: string, why: string): TemperError {
  return new TemperError('bad-archive', `${what}: ${why}`, {
    hint: 'It is damaged, or was not made as the PyPA specifies. Build the package in a step instead.',
  })
}
