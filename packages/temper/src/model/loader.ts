/**
 * What is built into the dynamic loader of a distribution's C library for one architecture: where it looks for
 * libraries. The rest is in the files of the image.
 */
export interface LoaderRules {
  /** e_machine of programs that it loads: 62 x86-64, 183 AArch64. */
  readonly number: number
  /** For messages: "x86-64". */
  readonly name: string
  /** PT_INTERP of every dynamic program, an absolute path (the ABI's fixed one). */
  readonly loader: string
  /** What $LIB stands for in a search path (ld.so(8)), without slashes at its ends: "lib/x86_64-linux-gnu". */
  readonly libraryToken: string
  /** What $PLATFORM stands for. */
  readonly platform: string
  /** Folders that it searches last, in order; no leading slash. */
  readonly defaultFolders: readonly string[]
  /** A file whose lines or colons list folders in place of `defaultFolders`, as musl's has; no leading slash. */
  readonly pathFile?: string
  /** The folder where packages put libraries, with plug-ins below it; no leading slash: "usr/lib/x86_64-linux-gnu". */
  readonly libraries: string
  /** Whether it reads /etc/ld.so.cache before its own folders, as glibc's does. */
  readonly readsCache: boolean
  /** The C library itself and its parts by file name: they define dlopen, and load only what `implicit` names. */
  readonly cLibrary: RegExp
  /** Names of libraries that the loader itself provides, wherever they are. Absent: only its own name. */
  readonly ownNames?: RegExp
  /**
   * Whether libraries are also looked for in the RUNPATH of every object that leads to them, as for RPATH. Absent:
   * no.
   */
  readonly inheritsRunpath?: true
  /** File names of what the C library loads by itself. */
  readonly implicit: RegExp
}
