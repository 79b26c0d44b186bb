import { canonicalJson } from '../../base/json/canonical-json.ts'
import type { Image } from '../../model/image.ts'
import { compareLayers, type LayerDifference } from './compare-layers.ts'

/** One place where an image and its rebuilt twin differ. */
export interface Difference extends LayerDifference {
  /** "linux/amd64". */
  readonly platform: string
  readonly in: 'manifest' | 'configuration' | 'layer'
  /** Place of the layer, from 0. */
  readonly layer?: number
}

/** Most members of a manifest or configuration that are listed. */
const memberLimit = 100

/** Where two images differ, from the inside out: layers with their files, configuration, manifest. */
export async function compareImages(
  expected: Image,
  rebuilt: Image,
  platform: string,
): Promise<readonly Difference[]> {
  if (expected.descriptor.digest === rebuilt.descriptor.digest) return []
  const differences: Difference[] = []
  const count = Math.max(expected.layers.length, rebuilt.layers.length)
  for (let layer = 0; layer < count; layer++) {
    const [before, after] = [expected.layers[layer], rebuilt.layers[layer]]
    const place = { platform, in: 'layer', layer } as const
    if (before === undefined) differences.push({ ...place, what: 'only in the rebuilt image' })
    else if (after === undefined) differences.push({ ...place, what: 'missing in the rebuilt image' })
    else if (before.descriptor.digest !== after.descriptor.digest)
      for (const each of await compareLayers(before, after)) differences.push({ ...place, ...each })
  }
  const members = (where: 'manifest' | 'configuration', before: unknown, after: unknown) =>
    differences.push(...compareMembers(before, after).map((each) => ({ platform, in: where, ...each })))
  members('configuration', withoutDigests(expected.config), withoutDigests(rebuilt.config))
  members('manifest', expected.manifest.annotations, rebuilt.manifest.annotations)
  if (differences.length === 0) members('manifest', expected.manifest, rebuilt.manifest)
  return differences
}

/** Layers are compared by what is in them. */
function withoutDigests({ rootfs: _, ...config }: Image['config']): object {
  return config
}

function compareMembers(expected: unknown, rebuilt: unknown): LayerDifference[] {
  const [left, right] = [leaves(expected), leaves(rebuilt)]
  const names = [...new Set([...left.keys(), ...right.keys()])].sort()
  return names
    .filter((name) => left.get(name) !== right.get(name))
    .slice(0, memberLimit)
    .map((name) => ({
      what: name,
      expected: left.get(name) ?? 'nothing',
      rebuilt: right.get(name) ?? 'nothing',
    }))
}

/** Every value that has no members, by its path: "config.Env[0]". */
function leaves(value: unknown, path = '', collected = new Map<string, string>()): Map<string, string> {
  if (value === undefined) return collected
  if (value === null || typeof value !== 'object')
    return collected.set(path, canonicalJson(value).slice(0, 500))
  for (const [name, member] of Object.entries(value)) {
    const inner = Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`
    leaves(member, inner, collected)
  }
  return collected
}
