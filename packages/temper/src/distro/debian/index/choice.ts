import { TemperError } from '../../../base/error.ts'
import type { CompressionFormat } from '../../../formats/compress/decompress.ts'
import type { Architecture } from '../../../model/platform.ts'
import type { ReleaseEntry, ReleaseFile } from '../repository/release-file.ts'
import { type SuiteRequest, suiteTitle } from '../repository/suite.ts'

/** One file that lists packages, as the Release file describes it. */
export interface IndexChoice {
  readonly component: string
  /** Below the suite's folder. */
  readonly path: string
  readonly entry: ReleaseEntry
  readonly format: CompressionFormat
  /** Size in bytes once decompressed, if the Release file states it. */
  readonly unpackedSize?: number
}

/** In the order of preference: xz is half the size of gzip, and what Debian has. */
const variants: readonly { readonly suffix: string; readonly format: CompressionFormat }[] = [
  { suffix: '.xz', format: 'xz' },
  { suffix: '.zst', format: 'zstd' },
  { suffix: '.gz', format: 'gzip' },
  { suffix: '.bz2', format: 'bzip2' },
  { suffix: '.lzma', format: 'lzma' },
  { suffix: '', format: 'none' },
]

/**
 * The index files of a suite for one architecture: for each component, the one of the architecture, and that of `all`
 * if the repository keeps it separately, each with its variants, preferred first. Errors: `bad-recipe` when the suite
 * has no such component or architecture; somebody else's suite may have packages of other architectures only.
 */
export function chooseIndices(
  file: ReleaseFile,
  request: SuiteRequest,
  architecture: Architecture,
): readonly (readonly IndexChoice[])[] {
  if (request.suite.endsWith('/'))
    return [variantsOf(file, '', 'Packages') ?? missing(file, request, architecture)]
  return request.components.flatMap((component) => {
    const folder = (name: string) => `${component}/binary-${name}/Packages`
    const own = variantsOf(file, component, folder(architecture))
    const all = file.allInEach ? undefined : variantsOf(file, component, folder('all'))
    if (!own && !all && !(request.foreign && isKnown(file, component)))
      return missing(file, request, architecture, component)
    return [own, all].filter((choice) => choice !== undefined)
  })
}

function isKnown(file: ReleaseFile, component: string): boolean {
  return [...file.files.keys()].some((path) => path.startsWith(`${component}/binary-`))
}

function variantsOf(file: ReleaseFile, component: string, path: string): readonly IndexChoice[] | undefined {
  const unpacked = file.files.get(path)
  const choices = variants.flatMap(({ suffix, format }) => {
    const entry = file.files.get(`${path}${suffix}`)
    const size = unpacked ? { unpackedSize: unpacked.size } : {}
    return entry ? [{ component, path: `${path}${suffix}`, entry, format, ...size }] : []
  })
  return choices.length > 0 ? choices : undefined
}

function missing(
  file: ReleaseFile,
  request: SuiteRequest,
  architecture: Architecture,
  component = 'main',
): never {
  const has = (values: readonly string[]) => values.join(', ') || 'none named'
  throw new TemperError(
    'bad-recipe',
    `${suiteTitle(request)} lists no packages of component ${component} for ${architecture}; it has components: ${has(file.components)}; architectures: ${has(file.architectures)}`,
    { hint: 'Correct the components of the repository, or the platforms of the recipe.' },
  )
}
