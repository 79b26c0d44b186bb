/**
 * What the dynamic loader of a distribution's C library has built in, for one architecture: where libraries are looked
 * for. The rest is in the files of the image.
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
  /** Where it looks last, best first; no leading slash. */
  readonly defaultFolders: readonly string[]
  /** A file whose lines or colons list folders in place of `defaultFolders`, as musl's has; no leading slash. */
  readonly pathFile?: string
  /** Where packages put their libraries, and plug-ins below that; no leading slash: "usr/lib/x86_64-linux-gnu". */
  readonly libraries: string
  /** Whether it reads /etc/ld.so.cache before its own folders, as glibc's does. */
  readonly readsCache: boolean
  /** The C library itself and its parts by file name: they define dlopen, and load only what `implicit` names. */
  readonly cLibrary: RegExp
  /** Names of libraries that the loader stands for itself, wherever they are. Absent: none but its own. */
  readonly ownNames?: RegExp
  /** Whether libraries are looked for in the RUNPATH of all that lead to them, as in RPATH. Absent: not. */
  readonly inheritsRunpath?: true
  /** File names of what the C library loads without being asked to. */
  readonly implicit: RegExp
}
