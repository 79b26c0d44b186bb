import type { SecureContext } from 'node:tls'
import type { Digest } from '../base/digest.ts'
import type { Progress } from '../base/progress.ts'
import type { ArchiveAuthorization, CredentialSource } from '../model/credentials.ts'
import type { DistroFamily } from '../model/distro.ts'
import type { DaemonSockets } from '../oci/open-store.ts'
import type { IgnoreRule } from '../policy/ignore/rule.ts'
import type { FeedConfiguration } from './feeds/configuration.ts'
import type { LoadTrustPolicy, TrustedRoot } from './trust/policy.ts'

/** Git on the host, for fetching repositories. */
export interface GitHost {
  /** Absolute path of git. */
  readonly program: string
  /** Proxies and certificate authorities, as git reads them. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * The environment of flows. The CLI (or a server, or a test) fills it in once; flows and the code that they call
 * never read environment variables, the clock or the terminal themselves.
 */
export interface Context {
  /** HTTP as the person configured it (proxies, certificates). Never called when `offline` is set. */
  readonly fetch: typeof globalThis.fetch
  /**
   * What TLS with a host ("mail.example:465") trusts, and what it is shown, for whoever speaks another protocol than HTTP or connects by
   * itself. Undefined, or absent: what Node trusts.
   */
  readonly secureContextFor?: (host: string) => SecureContext | undefined
  /** The wall clock, for the validity of Release files and ages in the cache, never for output bytes. */
  now(): Date
  /** Root folder of everything that Temper keeps between runs. It is made when first written to. */
  readonly cacheDir: string
  /** When true, whatever needs the network fails with the code `offline`. */
  readonly offline: boolean
  readonly progress: Progress
  /** Aborted when the person stops the command. */
  readonly signal: AbortSignal
  /** Absolute path of the host's `xz`; absent: the built-in decoder. */
  readonly xzProgram?: string | undefined
  /** Where the image daemons of this machine listen. Absent: there are none. */
  readonly daemons?: DaemonSockets
  /** Absolute paths of container runtimes found on the host, for the tests of recipes. */
  readonly runtimes: Readonly<Partial<Record<RuntimeName, string>>>
  /** Absolute path of bubblewrap on the host, which makes sandboxes for build steps. Absent: there is none. */
  readonly bubblewrap?: string | undefined
  /** Git on the host, which fetches commits that build steps are given. Absent: there is none. */
  readonly git?: GitHost | undefined
  /** Absolute path of a Chromium on the host, which prints pages. Absent: there is none. */
  readonly browser?: string | undefined
  /**
   * Base addresses of mirrors from the configuration file and the environment, by the id of a repository of a
   * distribution ("debian", "debian-security"): tried before those of the host's own package manager.
   */
  readonly mirrors: MirrorConfiguration
  /** Distributions to build from, in place of those that Temper knows. */
  readonly distributions?: readonly DistroFamily[]
  /** What the configuration file says about feeds of advisories. */
  readonly feeds?: FeedConfiguration
  /** Seconds since 1970 that the person asked for as the time of everything (SOURCE_DATE_EPOCH). */
  readonly sourceDateEpoch?: number
  /** The builder, as a URI for provenance. Absent: a default. */
  readonly builderId?: string
  /**
   * Tells this program from others of the same version, such as a Temper in development. Cached builds, layers
   * and feeds are not shared between them. Absent: the version is enough.
   */
  readonly program?: () => string
  /** Folder of the recipes that ship with Temper, one folder each. */
  readonly catalogDir: string
  /**
   * Folder of a package of Temper itself as it is installed here ("@temper-images/server"), or of the catalogue in it;
   * undefined when that is not installed. Absent: recipes get none.
   */
  readonly installed?: (name: string) => string | undefined
  /** Folder of the archive keys that ship with Temper. */
  readonly keysDir: string
  /** Where the host's own files are read from: "/", or a folder in tests. */
  readonly hostRoot: string
  /** Working folder that relative paths of the command line start from. */
  readonly workingDir: string
  /** Folder for short-lived files that must not be in the cache (container bundles). */
  readonly temporaryDir: string
  /** Credentials for registries; asked for once per repository. Absent: anonymous. */
  readonly credentials?: CredentialSource
  /** Loads the credentials for package archives, when the first archive is used. Absent: anonymous. */
  readonly archiveAuthorization?: () => Promise<ArchiveAuthorization>
  /** Loads whom the person trusts about which images. Absent: nobody. */
  readonly trust?: LoadTrustPolicy
  /** Loads the ignore rules for scans that are given no others. Absent: none. */
  readonly ignoreRules?: () => Promise<readonly IgnoreRule[]>
  /** Services that vouch for identities, instead of the public good instance. */
  readonly sigstore?: SigstoreSettings
  /** Runs other versions of Temper. Absent: that is not possible here. */
  readonly otherVersions?: OtherVersions | undefined
  /**
   * Address of the registry that the host's npm uses, for locks of npm that have no addresses. Undefined, or absent: there is
   * no npm here.
   */
  readonly npmRegistry?: () => Promise<string | undefined>
  /** Address of the index that the host's pip uses, for locks of Python that name none. Undefined, or absent: there is no pip here. */
  readonly pythonIndex?: () => Promise<string | undefined>
  /** Hosts (with port) to use over plain HTTP although they are not loopback. */
  readonly insecureRegistries: readonly string[]
}

/** Base addresses by the id of a repository; each list in the order of preference. */
export type MirrorConfiguration = Readonly<Record<string, readonly string[]>>

/** Other versions of Temper, for locks and images of another revision. */
export interface OtherVersions {
  /**
   * Builds with that version and its own choice of effects and rules. Throws `version-unavailable` when the version
   * cannot be had, and with its message when it fails.
   */
  build(version: string, request: OtherBuild): Promise<BuiltElsewhere>
}

/** What another version reports about what it built. */
export interface BuiltElsewhere {
  readonly digest: Digest
  /** "linux/amd64"… */
  readonly platforms: readonly string[]
}

/** What another version is asked to build. Paths are absolute. */
export interface OtherBuild {
  readonly recipe: string
  readonly lock: string
  /** Folder of the layout that is written. */
  readonly output: string
  readonly vars: Readonly<Record<string, string>>
  readonly platforms: readonly string[]
  readonly sourceDateEpoch?: number
  readonly cacheDir: string
}

export type RuntimeName = 'runc' | 'podman' | 'docker'

/** Addresses of services that vouch for identities, and which of them are trusted. */
export interface SigstoreSettings {
  /** Certificate authority. */
  readonly fulcio?: string
  /** Transparency log. */
  readonly rekor?: string
  /** Timestamp authority. */
  readonly tsa?: string
  readonly trustedRoot?: TrustedRoot
  /** Address of a TUF repository that has the trusted root, and the absolute path of its first root.json. */
  readonly tufMirror?: string
  readonly tufRoot?: string
}
