import type { Group, User } from './account.ts'
import type { PackageRequest } from './package/package.ts'
import type { Platform } from './platform.ts'
import { type DependencyRequest, dependencySources } from './recipe-parts/dependency.ts'
import type { FileRequest } from './recipe-parts/file-request.ts'
import type { StepRequest } from './recipe-parts/step.ts'

/** A recipe after validation, substitution of vars and defaults: what flows work with. */
export interface Recipe {
  /** Name of the image: lower case, no registry, no tag, e.g. "nginx". Output folders get this name. */
  readonly name: string
  /** Name for people, e.g. "Nginx mainline"; absent: `name`. */
  readonly title?: string
  /** Where the image is published, without a tag, e.g. "registry.example/team/nginx". */
  readonly image?: string
  /** The version line of this image, e.g. "17"; absent when the recipe has no lines. */
  readonly line?: string
  /** The variant of this image, e.g. "dev"; absent for the image to run. */
  readonly variant?: string
  /** Release id, e.g. "debian-13". */
  readonly distribution: string
  readonly platforms: readonly Platform[]
  /** The image that this one begins with; absent: nothing. */
  readonly base?: BaseRequest
  /** Set for a debug image of its base, until a day ("2026-12-31"). Absent for an image to run. */
  readonly debug?: { readonly expires: string }
  readonly contents: {
    readonly packages: readonly PackageRequest[]
    /** Names of packages that are left out although others depend on them; absent when there are none. */
    readonly without?: readonly string[]
    readonly repositories: readonly RepositoryRequest[]
    /** Key files: paths (resolved against the recipe's folder) or https addresses. */
    readonly keyring: readonly string[]
    readonly files: readonly FileRequest[]
  }
  /** An application's own packages, each by a lock file; absent when there are none. */
  readonly dependencies?: readonly DependencyRequest[]
  /** Build steps that run before the image is assembled, in the order of the recipe; absent when there are none. */
  readonly steps?: readonly StepRequest[]
  readonly accounts: {
    /** Name or uid of the runtime user; default "nonroot" (65532). */
    readonly runAs: string
    readonly users: readonly User[]
    readonly groups: readonly Group[]
  }
  /**
   * Set when only those files of packages stay that the image can reach from what it starts; `keep` are globs of
   * further paths that stay. Absent: everything stays.
   */
  readonly minimize?: { readonly keep: readonly string[] }
  /** Names like "de_DE.UTF-8" that the image has besides C.UTF-8; absent when there are none. */
  readonly locales?: readonly string[]
  /** OpenSSL uses its FIPS module alone. */
  readonly fips?: true
  readonly environment: Readonly<Record<string, string>>
  readonly entrypoint: readonly string[]
  readonly cmd: readonly string[]
  readonly workDir: string
  readonly stopSignal: string
  readonly volumes: readonly string[]
  /** "8080/tcp". */
  readonly ports: readonly string[]
  readonly paths: readonly PathRequest[]
  readonly annotations: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly osRelease: Readonly<Record<string, string>>
  readonly tags: readonly string[]
  readonly dates: { readonly released?: string; readonly endOfLife?: string }
  readonly hardening: {
    /** Rules that the recipe relaxes, each with the reason, recorded in the image. */
    readonly allow: readonly Relaxation[]
  }
  readonly output: {
    readonly compression: 'gzip' | 'zstd'
    /** Compression level of gzip, 1 to 9. Absent: the level of new locks. */
    readonly level?: number
    readonly mediaTypes: 'oci' | 'docker'
    /** Maximum number of package layers. */
    readonly layers: number
    /** Whether single files of layers can be fetched (eStargz). Absent: only whole layers. */
    readonly lazy?: true
  }
  readonly tests: readonly RecipeTest[]
}

/** An image whose layers an image begins with. */
export interface BaseRequest {
  /** A reference as every command takes it; relative paths are beside the recipe. */
  readonly image: string
  /** Settings that the recipe leaves to the base. */
  readonly inherits: readonly InheritedSetting[]
}

export type InheritedSetting = 'run-as' | 'work-dir' | 'stop-signal'

/** What a recipe may relax. `path` narrows file rules to one path (a glob). */
export interface Relaxation {
  /** `dependency` is the effect of contents.without. */
  readonly rule: RelaxableRule | 'dependency'
  readonly path?: string
  readonly why: string
  /** Set when it follows from something else in the recipe; it may then turn out not to be needed. */
  readonly implied?: true
}

export const relaxableRules = [
  'shell',
  'package-manager',
  'compiler',
  'setuid',
  'world-writable',
  'documentation',
  'cache',
  'root-user',
  'locales',
  'ballast',
  'log',
  'device',
  'account',
  'ownership',
  'unproved-plugin',
  'missing-library',
  'missing-interpreter',
  'dangling-symlink',
] as const
export type RelaxableRule = (typeof relaxableRules)[number]

export interface RepositoryRequest {
  /** Id in the lock and for `@suite` pins; made from the address when not given. */
  readonly name: string
  readonly address: string
  /**
   * With a slash at its end: the folder of a flat repository, which has no components. Absent: the address itself has the
   * index of each architecture, as in apk.
   */
  readonly suite?: string
  readonly components: readonly string[]
  /** Absent when it has packages for all. */
  readonly architectures?: readonly Platform['architecture'][]
  /** Whether only packages that are requested with this repository's name are taken from it. */
  readonly tagged?: true
  /** Key file (path or address), checked against the fingerprint when one is given. */
  readonly key?: string
  readonly fingerprint?: string
}

export type PathRequest =
  | {
      readonly type: 'directory'
      readonly path: string
      readonly mode: number
      readonly uid: number
      readonly gid: number
    }
  | {
      readonly type: 'file'
      readonly path: string
      readonly content: string
      readonly mode: number
      readonly uid: number
      readonly gid: number
    }
  | ({ readonly type: 'file' } & FileRequest)
  | { readonly type: 'symlink'; readonly path: string; readonly source: string }
  | { readonly type: 'hardlink'; readonly path: string; readonly source: string }
  | {
      readonly type: 'permissions'
      readonly path: string
      readonly mode?: number
      readonly uid?: number
      readonly gid?: number
      readonly recursive: boolean
    }
  | { readonly type: 'delete'; readonly path: string }

/**
 * All files that the recipe brings from elsewhere: those of `contents.files`, those among `paths`, then what its steps
 * get, and lock files of its dependencies.
 */
export function fileRequests(
  recipe: Pick<Recipe, 'contents' | 'paths' | 'steps' | 'dependencies'>,
): readonly FileRequest[] {
  const among = recipe.paths.flatMap((path) => (path.type === 'file' && 'source' in path ? [path] : []))
  return [
    ...recipe.contents.files,
    ...among,
    ...(recipe.steps ?? []).flatMap(({ inputs }) => inputs),
    ...(recipe.dependencies ?? []).flatMap(dependencySources),
  ]
}

/** One test of the finished image in a container: no network, read-only root, all capabilities dropped. */
export interface RecipeTest {
  readonly name: string
  /** Overrides entrypoint and cmd; absent: the image's own. */
  readonly command?: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly stdin?: string
  /** Expected exit code of a command that ends; absent with `http` (the service keeps running). */
  readonly exitCode: number
  /** Texts, each of which must occur in standard output or standard error. */
  readonly output: readonly string[]
  readonly http?: {
    readonly port: number
    readonly path: string
    readonly status: number
    readonly body?: string
  }
  /** Extra commands run inside while the service is up; each must exit 0. */
  readonly exec: readonly { readonly command: readonly string[]; readonly output: readonly string[] }[]
  /** Writable scratch folders (tmpfs) besides the volumes. */
  readonly writable: readonly string[]
  /** Seconds. */
  readonly timeout: number
}

/** Distributions that a recipe may name; the first is the default. */
export const distributions = ['debian-13', 'debian-12', 'alpine-3.23', 'alpine-3.22', 'wolfi'] as const
