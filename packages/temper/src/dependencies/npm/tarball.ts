import { bytesOf, collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { tryJson } from '../../base/json/parse.ts'
import { memberOf, membersOf, textOf } from '../../base/json/value.ts'
import { compressionOf, decompress } from '../../formats/compress/decompress.ts'
import { readTar } from '../../formats/tar/read.ts'
import type { InstalledFile } from '../../model/recipe-parts/dependency.ts'

/** What one package may hold. */
const limits = { entries: 200_000, bytes: 1024 * 1024 * 1024 }

/**
 * What a package's tarball brings, below the folder that it goes to, as npm lays it out: without the first folder of each
 * name, and with links in `.bin` beside it for its programs. Links inside are left out, as npm does. Throws `bad-archive`.
 */
export async function installTarball(
  bytes: Uint8Array,
  place: {
    readonly folder: string
    readonly name: string
    readonly what: string
    /** Folders by which its programs are found; absent: its own. */
    readonly found?: readonly string[]
  },
): Promise<readonly InstalledFile[]> {
  const { folder, name, what, found = [folder] } = place
  const tar = decompress(compressionOf(bytes), bytesOf(bytes), { what, limit: limits.bytes })
  const files = new Map<string, InstalledFile>()
  for await (const { entry, content } of readTar(tar, {
    what,
    limits: { entries: limits.entries },
    endMarker: 'optional',
  })) {
    const below = entry.path.split('/').slice(1).join('/')
    if (entry.type !== 'file' || below === '') continue
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it keeps out
    if (/[\x00-\x1f\x7f]/.test(below))
      throw new TemperError('bad-archive', `${what}: a name in it has control characters`)
    const whole = Buffer.from(await collect(content, { limit: entry.size, what }))
    const mode = (entry.mode & 0o111) === 0 ? 0o644 : 0o755
    files.set(below, { path: `${folder}/${below}`, mode, content: whole })
  }
  const manifest = files.get('package.json')
  if (manifest === undefined) throw new TemperError('bad-archive', `${what}: it has no package.json`)
  const links: InstalledFile[] = []
  for (const [program, target] of programsOf(manifest.content, name)) {
    const file = files.get(target)
    if (file === undefined) continue
    files.set(target, { ...file, mode: 0o755 })
    links.push(...found.map((each) => binLink({ folder: each, program, target })))
  }
  return [...files.values(), ...links]
}

/** `bin` of package.json: one program of the package's own name, or several by theirs. */
function programsOf(manifest: Uint8Array, name: string): readonly (readonly [string, string])[] {
  // npm minds no bytes that are not UTF-8.
  const bin = memberOf(tryJson(Buffer.from(manifest).toString('utf8')), 'bin')
  const one = textOf(bin)
  const all: (readonly [string, unknown])[] =
    one === undefined ? membersOf(bin) : [[name.split('/').at(-1) ?? name, one]]
  return all.flatMap(([program, path]) => {
    const own = program.split('/').at(-1) ?? ''
    const target = textOf(path)?.replace(/^(?:\.?\/)+/, '')
    if (target === undefined || target.split('/').includes('..')) return []
    return /^[A-Za-z0-9._~+-]+$/.test(own) && !/^\.+$/.test(own) ? [[own, target] as const] : []
  })
}

/** An alias lies in a folder of another name than its own. */
function binLink(about: {
  readonly folder: string
  readonly program: string
  readonly target: string
}): InstalledFile {
  const { folder, program, target } = about
  const end = folder.lastIndexOf('/node_modules/') + '/node_modules'.length
  const [modules, own] = [folder.slice(0, end), folder.slice(end + 1)]
  return {
    path: `${modules}/.bin/${program}`,
    mode: 0o777,
    content: new Uint8Array(),
    target: `../${own}/${target}`,
  }
}
