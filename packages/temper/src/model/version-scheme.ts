/** Schemes of ordering versions, each of which is one tool's own comparison. */
export const versionSchemes = [
  'dpkg',
  'apk',
  'rpm',
  'semver',
  'pep440',
  'maven',
  'gem',
  'composer',
  'nuget',
  'golang',
  'pub',
] as const

export type VersionScheme = (typeof versionSchemes)[number]
