import type { Digest } from '../base/digest.ts'
import type { SecretFinding } from '../model/advisory/finding.ts'
import type { Location } from '../model/inventory.ts'
import type { SecretHit } from './rules/rule.ts'
import { findSecrets, rulesDigest } from './search.ts'

/** Raised when the search changes otherwise than in its rules. */
const searchVersion = 5

/** Most bytes of a file that is searched: secrets stand in files that people write. */
const textLimit = 1 << 20

/** Files of these kinds hold secrets even when they are large. */
const settingsName =
  /(?:\.(?:pem|key|env|json|ya?ml|toml|ini|properties|xml|sh|sql|tfstate)|\/\.[^/]+|credentials)$/
const settingsLimit = 16 << 20

/** Never text that somebody wrote for this image: documentation and data that packages bring. */
const passedOver =
  /^(?:usr\/share\/(?:doc|man|info|locale|i18n|zoneinfo|icons|fonts|unicode|X11)|usr\/include|var\/lib\/dpkg\/info|usr\/lib\/locale)\//
const binaryName =
  /\.(?:so|a|o|pyc|mo|gz|xz|zst|bz2|zip|jar|whl|png|jpe?g|gif|ico|webp|svg|ttf|otf|woff2?|pdf|wasm|class|node|exe|dll|mp[34])(?:\.[0-9.]+)?$/

/** Bytes by which a file is told to be binary. */
const headSize = 4096

/** Control characters that texts have: tab, the ends of lines and pages, backspace, and what colours a terminal. */
const textControls: ReadonlySet<number> = new Set([8, 9, 10, 11, 12, 13, 27])

/** Whether somebody wrote it as text, in whatever encoding has ASCII in it. */
function isBinary(start: Uint8Array): boolean {
  for (const byte of start) if (byte < 32 && !textControls.has(byte)) return true
  return false
}

interface Head {
  readonly path: string
  readonly size: number
  readonly start: Uint8Array
}

interface Observed {
  readonly location: Location
  readonly hidden: boolean
  readonly fact: readonly SecretHit[]
}

/**
 * Searches the files of all layers, also those that a later layer hides: whoever has the image can still read
 * them. To be given to what reads layers; `found` has the findings once it is done.
 */
export class SecretObserver {
  readonly id = 'secrets'
  /** Other rules search again what was kept of layers. */
  readonly version = `${searchVersion} ${rulesDigest}`
  readonly sizeLimit = settingsLimit
  found: readonly SecretFinding[] = []

  select({ path, size, start }: Head): boolean {
    if (size < 8 || start.includes(0) || passedOver.test(path) || binaryName.test(path)) return false
    // Larger settings are selected too: that they are not read is then told.
    return settingsName.test(path) || (size <= textLimit && !isBinary(start))
  }

  read({
    path,
    bytes,
  }: {
    readonly path: string
    readonly bytes: Uint8Array
  }): readonly SecretHit[] | undefined {
    if (!settingsName.test(path) && isBinary(bytes.subarray(0, headSize))) return undefined
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    const hits = findSecrets(text, path)
    return hits.length === 0 ? undefined : hits
  }

  finish(facts: readonly Observed[]): void {
    this.found = facts.flatMap(({ location, hidden, fact }) =>
      fact.map((hit) => ({
        ...hit,
        found: hidden ? `${hit.found}, in a file that a later layer only hides` : hit.found,
        location,
        deleted: hidden,
      })),
    )
  }
}

/** The same with the layer that each is in: the layers lowest first, as locations count them. */
export function withLayers(
  findings: readonly SecretFinding[],
  layers: readonly { readonly diffId: Digest }[],
): readonly SecretFinding[] {
  return findings.map((secret) => {
    const layer = layers[secret.location.layer ?? -1]?.diffId
    if (layer === undefined || secret.place.kind !== 'span') return secret
    return { ...secret, place: { ...secret.place, layer } }
  })
}
