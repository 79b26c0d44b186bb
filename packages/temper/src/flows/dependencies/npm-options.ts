import { join } from 'node:path'
import { collect } from '../../base/bytes.ts'
import { mapLimit } from '../../base/concurrency.ts'
import { sha256 } from '../../base/digest.ts'
import { openDownload } from '../../base/http/download.ts'
import { createHttp } from '../../base/http/http.ts'
import type { JsonObject } from '../../base/json/value.ts'
import { ValueCache } from '../../base/value-cache.ts'
import { readLockJson } from '../../dependencies/lock-json.ts'
import {
  fitsMachine,
  type NpmEnvironment,
  type NpmGraph,
  type NpmNode,
  optionalOnly,
} from '../../dependencies/npm/graph.ts'
import type { Context } from '../context.ts'
import { concurrency } from './host.ts'
import { npmAddress } from './npm-address.ts'

/** Bytes of what a registry says of one version. */
const largest = 4 * 1024 * 1024

/**
 * Graph keys of optional packages for other platforms, for a lock that does not say which is for which platform,
 * according to the registry. The registry can leave out no more than by not having them, and what is installed is
 * still checked by its digest.
 */
export async function unfitOptions(
  graph: NpmGraph,
  environment: NpmEnvironment,
  context: Context,
): Promise<ReadonlySet<string>> {
  const unsaid = optionalOnly(graph).filter(({ fits, hashes }) => fits === undefined && hashes.length > 0)
  const said = await mapLimit(unsaid, concurrency, async (node) => {
    const about = await aboutVersion(node, context)
    return fitsMachine(about, environment) ? [] : [node.key]
  })
  const known = [...graph.nodes.values()].filter(({ fits }) => fits === false)
  return new Set([...said.flat(), ...known.map(({ key }) => key)])
}

/** "os", "cpu" and "libc" of a version; none where the registry does not tell. */
async function aboutVersion(node: NpmNode, context: Context): Promise<JsonObject> {
  const address = await npmAddress(node, context)
  const cut = address.indexOf('/-/')
  if (cut < 0) return {}
  const cache = new ValueCache(join(context.cacheDir, 'npm-machines-1'), context.progress)
  const key = sha256(node.hashes.join(' '))
  const before = await cache.getJson<JsonObject>(key)
  if (before !== undefined) return before
  if (context.offline) return {}
  const http = createHttp({ fetch: context.fetch, signal: context.signal })
  const what = `what the registry says of ${node.name} ${node.version}`
  const url = `${address.slice(0, cut)}/${node.version}`
  const answer = await openDownload(http, url, { what, limit: largest, answers: [404, 405] })
  const bytes = await collect(answer.bytes(), { limit: largest, what })
  if (answer.status !== 200) return {}
  const { os, cpu, libc } = readLockJson(Buffer.from(bytes).toString('utf8'), what)
  const told = Object.fromEntries(
    Object.entries({ os, cpu, libc }).filter(([, value]) => value !== undefined),
  )
  await cache.put(key, JSON.stringify(told))
  return told
}
