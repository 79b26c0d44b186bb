import { unpackArchive } from '../../dependencies/composer/archive.ts'
import { programPaths } from '../../dependencies/composer/installed.ts'
import { readComposerLock } from '../../dependencies/composer/lock.ts'
import { readComposerProject } from '../../dependencies/composer/project.ts'
import { loaderName, vendorFiles } from '../../dependencies/composer/vendor.ts'
import type {
  DependencyRequest,
  InstalledFile,
  LockedDependency,
} from '../../model/recipe-parts/dependency.ts'
import type { RecipeFile } from '../../model/recipe-parts/file-request.ts'
import type { SourceFile } from '../lock/recipe-target.ts'
import { sourceText } from './choose.ts'

/** The files of one package of Composer, at its place. */
export async function installComposer(
  bytes: Uint8Array,
  { locked, into, what }: { readonly locked: LockedDependency; readonly into: string; readonly what: string },
): Promise<readonly InstalledFile[]> {
  return await unpackArchive(bytes, { folder: `${into}/${locked.place ?? ''}`, what })
}

/** What Composer makes of packages that are installed. */
export interface ComposerRest {
  /** As whose the files count. */
  readonly by: string
  readonly files: readonly InstalledFile[]
  /** Which of the packages' own files are programs. */
  readonly programs: ReadonlySet<string>
}

/** What makes an application find its classes, and the classes and programs of its packages: files of both are given. */
export function composerRest(
  { lockFile, manifest = lockFile, into = '' }: DependencyRequest,
  sources: readonly SourceFile[],
  files: { readonly installed: readonly InstalledFile[]; readonly own: readonly RecipeFile[] },
): ComposerRest {
  const lock = readComposerLock(sourceText({ sources }, lockFile), lockFile.source)
  const project = readComposerProject(sourceText({ sources }, manifest), manifest.source)
  const programs = new Set(programPaths(lock, project).map((path) => `${into}/${path}`))
  const own = files.own.flatMap(({ request: { path, mode }, type, content }) =>
    type === undefined && path.startsWith(`${into}/`) ? [{ path, mode, content: Buffer.from(content) }] : [],
  )
  return { by: loaderName, files: vendorFiles({ lock, project, into, own }, files.installed), programs }
}
