import type { JsonObject } from '../../base/json/value.ts'
import type { ImageConfig } from '../../model/image.ts'
import {
  asArray,
  asDigest,
  asObject,
  asString,
  badImage,
  optionalString,
  optionalStrings,
  parseJsonObject,
} from '../json-value.ts'

/** Most entries of each list in a configuration. */
const entryLimit = 10_000

/**
 * Reads and checks an image configuration (image-spec config.md; Docker's has the same members). Unknown members are
 * kept, so that an edited image loses nothing; null, which Docker writes for "none", is dropped. Throws `bad-image`
 * and `limit-exceeded`.
 */
export function parseImageConfig(bytes: Uint8Array, where: string): ImageConfig {
  const json = withoutNulls(parseJsonObject(bytes, where))
  asString(json['architecture'], `${where}, architecture`)
  asString(json['os'], `${where}, os`)
  for (const key of ['created', 'author', 'variant']) optionalString(json[key], `${where}, ${key}`)
  const rootfs = asObject(json['rootfs'], `${where}, rootfs`)
  if (rootfs['type'] !== 'layers') throw badImage(`${where}, rootfs type: expected "layers"`)
  const diffIds = asArray(rootfs['diff_ids'] ?? [], `${where}, diff_ids`, entryLimit).map((id, i) =>
    asDigest(id, `${where}, diff_id ${i + 1}`),
  )
  const checked: Record<string, unknown> = { ...json, rootfs: { type: 'layers', diff_ids: diffIds } }
  if (json['config'] !== undefined) checked['config'] = runtimeConfig(json['config'], `${where}, config`)
  if (json['history'] !== undefined) checked['history'] = history(json['history'], `${where}, history`)
  return checked as unknown as ImageConfig
}

function runtimeConfig(value: unknown, where: string): JsonObject {
  const config = withoutNulls(asObject(value, where))
  for (const key of ['User', 'WorkingDir', 'StopSignal']) optionalString(config[key], `${where}, ${key}`)
  for (const key of ['Env', 'Entrypoint', 'Cmd', 'OnBuild']) {
    if (config[key] === undefined) continue
    for (const item of asArray(config[key], `${where}, ${key}`, entryLimit))
      asString(item, `${where}, ${key}`)
  }
  for (const key of ['ExposedPorts', 'Volumes']) {
    if (config[key] === undefined) continue
    for (const item of Object.values(asObject(config[key], `${where}, ${key}`)))
      asObject(item, `${where}, ${key}`)
  }
  optionalStrings(config['Labels'], `${where}, Labels`)
  if (config['Healthcheck'] === undefined) return config
  return { ...config, Healthcheck: healthcheck(config['Healthcheck'], `${where}, Healthcheck`) }
}

function healthcheck(value: unknown, where: string): JsonObject {
  const check = withoutNulls(asObject(value, where))
  for (const item of asArray(check['Test'] ?? [], `${where}, Test`, entryLimit))
    asString(item, `${where}, Test`)
  return check
}

function history(value: unknown, where: string): readonly JsonObject[] {
  return asArray(value, where, entryLimit).map((each, i) => {
    const entry = withoutNulls(asObject(each, `${where} ${i + 1}`))
    for (const key of ['created', 'created_by', 'author', 'comment'])
      optionalString(entry[key], `${where} ${i + 1}, ${key}`)
    const empty = entry['empty_layer']
    if (empty !== undefined && typeof empty !== 'boolean')
      throw badImage(`${where} ${i + 1}, empty_layer: expected true or false`)
    return entry
  })
}

function withoutNulls(json: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null))
}
