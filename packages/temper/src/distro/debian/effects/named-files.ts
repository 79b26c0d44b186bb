import type { ArchiveMetadata } from '../../../model/package/package-content.ts'
import { controlData } from '../archive/control.ts'

/** Most files of a package whose contents are kept because its scripts speak of them: in the order of the archive. */
const mostFiles = 100

interface Names {
  /** Without slashes at their ends. */
  readonly paths: ReadonlySet<string>
  /** Every word of the scripts; "$CONFIG/squid.conf" also refers to a file. */
  readonly words: ReadonlySet<string>
  /** Whether anything is done when the package is installed. */
  readonly hasScripts: boolean
  /** Number of files that may still be kept. */
  left: number
}

const known = new WeakMap<object, Names>()

/** Folders of programs: of these only what looks like configuration is text that a script may copy. */
const programs = /^(?:usr\/lib|var\/lib)\//
const texts =
  /\/(?:examples?|templates?|conf|config|etc|defaults?)\/|\.(?:conf|cfg|cnf|cf|ini|xml|json|ya?ml|toml|txt|in|tmpl|template|default|example|sample|dist|sql|ldif|properties)$/

/**
 * Whether the scripts of a package refer to a file of its own in /etc or below /usr/share (below /usr/lib and
 * /var/lib: only to what looks like configuration), or to a folder that holds it, since the content of what they copy
 * is needed. "/usr/share/tomcat10/etc/$file" refers to the folder.
 */
export function scriptsName(path: string, metadata: Pick<ArchiveMetadata, 'own'>): boolean {
  if (!/^(?:usr\/share|usr\/lib|etc|var\/lib)\//.test(path)) return false
  if (programs.test(path) && !texts.test(path)) return false
  if (/^usr\/share\/(?:doc\/[^/]+\/(?!examples\/)|man\/|info\/|locale\/)/.test(path)) return false
  const names = namesOf(metadata)
  if (names.paths.has(path)) return true
  // Programs that scripts call speak of other files in /etc.
  if (names.left === 0 || (!(names.hasScripts && path.startsWith('etc/')) && !isNamed(path, names)))
    return false
  names.left--
  return true
}

/** The path itself, or a folder above it that is not shared with all other packages. */
function isNamed(path: string, { paths, words }: Names): boolean {
  if (words.has(path.slice(path.lastIndexOf('/') + 1))) return true
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const folder = path.slice(0, end)
    if (folder.split('/').length < 3) return false
    if (paths.has(folder)) return true
  }
  return false
}

function namesOf(metadata: Pick<ArchiveMetadata, 'own'>): Names {
  const before = known.get(metadata)
  if (before !== undefined) return before
  const { preinst = '', postinst = '' } = controlData(metadata).scripts
  const text = `${preinst}\n${postinst}`
  const mentions = text.match(/\/(?:usr\/share|usr\/lib|etc|var\/lib)\/[\w.+/-]+/g) ?? []
  const paths = new Set(
    mentions.map((word) =>
      word
        .slice(1)
        .replace(/\/{2,}/g, '/')
        .replace(/\/$/, ''),
    ),
  )
  const words = new Set(text.match(/[\w.+-]{3,}/g) ?? [])
  const names = { paths, words, hasScripts: text.trim() !== '', left: mostFiles }
  known.set(metadata, names)
  return names
}
