import { TemperError } from '../base/error.ts'

/** The architectures that Temper builds for, by OCI (GOARCH) name. Debian uses the same two names. */
export const architectures = ['amd64', 'arm64'] as const
export type Architecture = (typeof architectures)[number]

export interface Platform {
  readonly os: 'linux'
  readonly architecture: Architecture
}

/** Reads "linux/amd64" (or just "amd64"). */
export function parsePlatform(text: string): Platform {
  const architecture = text.replace(/^linux\//, '').replace(/\/v8$/, '')
  for (const known of architectures) if (known === architecture) return { os: 'linux', architecture: known }
  throw new TemperError(
    'bad-usage',
    `Unknown platform "${text}": expected ${architectures.map((a) => `linux/${a}`).join(' or ')}`,
  )
}

export function formatPlatform(platform: Platform): string {
  return `${platform.os}/${platform.architecture}`
}
