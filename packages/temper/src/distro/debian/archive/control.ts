import { type ByteStream, collect, tryUtf8 } from '../../../base/bytes.ts'
import { TemperError } from '../../../base/error.ts'
import { parseStanza } from '../../../formats/deb822.ts'
import { readTar } from '../../../formats/tar/read.ts'
import type { ArchiveMetadata, PackageContent } from '../../../model/package/package-content.ts'

const fileLimit = 32 * 1024 * 1024
const scriptNames: readonly ScriptName[] = ['preinst', 'postinst', 'prerm', 'postrm', 'config']
const wanted = new Set<string>([...scriptNames, 'control', 'conffiles', 'triggers', 'md5sums', 'templates'])

export type ScriptName = 'preinst' | 'postinst' | 'prerm' | 'postrm' | 'config'

/** What Debian's effects and package database read of a control archive. */
export interface ControlData {
  /** Fields of the control file, names as written there. */
  readonly control: Readonly<Record<string, string>>
  readonly scripts: Readonly<Partial<Record<ScriptName, string>>>
  readonly conffiles: readonly string[]
  /** Text of the triggers file. */
  readonly triggers: string
  /** Text of the md5sums file. */
  readonly md5sums: string
  /** Names, types, choices and defaults of the templates file (debconf-devel(7)), without texts. */
  readonly templates?: string
}

/** The control data of a package that was read from a Debian archive. */
export function controlData({ own }: Pick<PackageContent, 'own'>): ControlData {
  // Only `readMetadata` makes the contents of Debian packages, and the cache keeps them for one version of Temper.
  return own as ControlData
}

/** What a control archive says about its package, both for general use and for Debian's own code. */
export async function readMetadata(
  tar: ByteStream,
  options: { readonly what: string },
): Promise<ArchiveMetadata> {
  const own = await readControlArchive(tar, options)
  const text = (field: string) => own.control[field]?.split('\n')[0]?.trim() ?? ''
  const [maintainer, homepage, summary] = [text('Maintainer'), text('Homepage'), text('Description')]
  return {
    identity: {
      name: own.control['Package'] ?? '',
      version: own.control['Version'] ?? '',
      architecture: own.control['Architecture'] ?? '',
    },
    about: {
      ...(maintainer === '' ? {} : { maintainer }),
      ...(homepage === '' ? {} : { homepage }),
      ...(summary === '' ? {} : { summary }),
    },
    own,
  }
}

/** Reads the control archive of a package (deb-control(5), deb-triggers(5), deb-conffiles(5)). */
async function readControlArchive(tar: ByteStream, options: { readonly what: string }): Promise<ControlData> {
  const files = new Map<string, string>()
  for await (const { entry, content } of readTar(tar, { what: `${options.what}, control` })) {
    if (entry.type !== 'file' || !wanted.has(entry.path)) continue
    const bytes = await collect(content, { limit: fileLimit, what: `${options.what}, ${entry.path}` })
    files.set(entry.path, tryUtf8(bytes) ?? Buffer.from(bytes).toString('latin1'))
  }
  const control = files.get('control')
  if (control === undefined)
    throw new TemperError('bad-archive', `${options.what}: the package has no control file`)
  const scripts: Partial<Record<ScriptName, string>> = {}
  for (const name of scriptNames) {
    const text = files.get(name)
    if (text !== undefined) scripts[name] = text
  }
  return {
    control: controlFields(control, options.what),
    scripts,
    conffiles: (files.get('conffiles') ?? '').split('\n').filter((line) => line !== ''),
    triggers: files.get('triggers') ?? '',
    md5sums: files.get('md5sums') ?? '',
    ...templateFields(files.get('templates')),
  }
}

function controlFields(text: string, what: string): Record<string, string> {
  return Object.fromEntries(parseStanza(text, { what: `${what}, control`, code: 'bad-archive' }).fields())
}

/** What answers questions that nobody is asked; the texts of the questions are long and translated. */
function templateFields(text: string | undefined): { readonly templates?: string } {
  if (text === undefined) return {}
  const lines = text
    .split('\n')
    .filter((line) => /^(?:Template|Type|Default|Choices(?:-C)?):|^\s*$/.test(line))
  return { templates: lines.join('\n') }
}
