import { TemperError } from '../base/error.ts'
import { ownMember } from '../base/own-member.ts'

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

/**
 * What an image may be for, by Go's names: GOOS, GOARCH and the variant of the architecture (image-spec, "Platform
 * Variants"). Temper reads images for all of them.
 */
export interface ImagePlatform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
}

/** What kernels and distributions call the architectures of Go. */
const otherNames: Readonly<Record<string, readonly [string, string?]>> = {
  aarch64: ['arm64'],
  armel: ['arm', 'v6'],
  armhf: ['arm', 'v7'],
  i386: ['386'],
  i686: ['386'],
  mips64el: ['mips64le'],
  ppc64el: ['ppc64le'],
  x86: ['386'],
  x86_64: ['amd64'],
  'x86-64': ['amd64'],
}

/** What an architecture without a variant stands for (containerd's platforms). */
const usualVariants: Readonly<Record<string, string>> = { amd64: 'v1', arm: 'v7', arm64: 'v8' }

/** Reads "linux/arm/v7", "windows/amd64", "s390x": the platform of an image that is to be read. */
export function parseImagePlatform(text: string): ImagePlatform {
  const parts = text.toLowerCase().split('/')
  const [os, name = '', variant] = parts.length === 1 ? ['linux', ...parts] : parts
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9][a-z0-9_.-]{0,39}$/.test(part)))
    throw new TemperError(
      'bad-usage',
      `Unknown platform "${text.slice(0, 80)}": expected OS/ARCHITECTURE[/VARIANT]`,
      {
        hint: 'Write it as images do, for example linux/amd64, linux/arm/v7 or linux/s390x.',
      },
    )
  const [architecture, usual] = ownMember(otherNames, name) ?? [name]
  const given = variant ?? usual
  return { os: os ?? 'linux', architecture, ...(given === undefined ? {} : { variant: given }) }
}

/** Whether an image is for the wanted platform; any variant matches if none is wanted. */
export function isFor(image: ImagePlatform, wanted: ImagePlatform): boolean {
  const { os, architecture, variant } = wanted
  if (image.os !== os || image.architecture !== architecture) return false
  return variant === undefined || variantOf(image) === variantOf({ os, architecture, variant })
}

/** Its variant, or the one that is meant when it names none. */
export function variantOf({ architecture, variant }: ImagePlatform): string | undefined {
  // Go writes "8" for arm64 where OCI writes "v8".
  return (variant || ownMember(usualVariants, architecture))?.replace(/^(?=\d)/, 'v')
}

/** Whether it is the usual variant of its architecture, which is meant when none is named. */
export function isUsual(image: ImagePlatform): boolean {
  return variantOf(image) === ownMember(usualVariants, image.architecture)
}

export function formatPlatform({ os, architecture, variant }: ImagePlatform): string {
  return [os, architecture, variant].filter((part) => part !== undefined).join('/')
}
