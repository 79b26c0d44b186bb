import type { VersionScheme } from '../../../model/version-scheme.ts'

/** One name and version under which advisories may speak of a component. */
export interface Target {
  /** "Debian:12", "PyPI". */
  readonly ecosystem: string
  readonly name: string
  readonly version: string
  readonly scheme: VersionScheme
  /** What the name is, for the reason: "source package", or nothing when it is the component's own. */
  readonly role?: string
}
