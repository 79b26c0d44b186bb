import { ownMember } from '../../../base/own-member.ts'
import type { ComponentType } from '../../../model/inventory.ts'

/** What a CPE says about a package. */
export interface CpeFacts {
  /** Type of the ecosystem that `target_sw` names; undefined when it names none. */
  readonly type?: ComponentType
  readonly product: string
  readonly version?: string
}

/** Values of `target_sw` in the dictionary of CPEs (NIST IR 7695, 5.3.3.9), by what they mean. */
const targets: Readonly<Record<string, ComponentType>> = {
  'node.js': 'npm',
  nodejs: 'npm',
  npm: 'npm',
  python: 'pypi',
  pypi: 'pypi',
  ruby: 'gem',
  rails: 'gem',
  rubygems: 'gem',
  go: 'golang',
  golang: 'golang',
  rust: 'cargo',
  '.net': 'nuget',
  nuget: 'nuget',
  php: 'composer',
  composer: 'composer',
}

/** Values that say nothing (NIST IR 7695, 5.3.1): ANY and NA. */
const logical = new Set(['', '*', '-'])

/** Reads a CPE in either form (NIST IR 7695, 6.1 and 6.2); undefined for anything else. */
export function parseCpe(text: string): CpeFacts | undefined {
  if (text.length > 2048) return undefined
  const parts = text.startsWith('cpe:2.3:')
    ? formatted(text)
    : text.startsWith('cpe:/')
      ? uri(text)
      : undefined
  const [, , product, version, ...rest] = parts ?? []
  if (product === undefined || logical.has(product)) return undefined
  const target = rest[4] ?? ''
  const type = ownMember(targets, target.toLowerCase())
  return {
    ...(type === undefined ? {} : { type }),
    product,
    ...(version === undefined || logical.has(version) ? {} : { version }),
  }
}

/** "cpe:2.3:a:VENDOR:PRODUCT:VERSION:…": a colon or other sign that is meant as it is has a backslash in front. */
function formatted(text: string): string[] {
  return text
    .slice('cpe:2.3:'.length)
    .split(/(?<!\\):/)
    .map((part) => part.replace(/\\(.)/g, '$1'))
}

/** "cpe:/a:VENDOR:PRODUCT:VERSION:UPDATE:EDITION"; the edition holds more parts between tildes. */
function uri(text: string): string[] {
  const parts = text
    .slice('cpe:/'.length)
    .split(':')
    .map((part) =>
      part.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    )
  const packed = parts[5]?.startsWith('~') === true ? parts[5].split('~') : undefined
  if (packed === undefined) return parts
  // ~edition~sw_edition~target_sw~target_hw~other
  const [, edition = '', software = '', target = ''] = packed
  return [...parts.slice(0, 5), edition, parts[6] ?? '', software, target]
}
