import { loaderCachePath } from './library-search.ts'
import type { NeedFault } from './need.ts'
import type { PluginCheck } from './plugin.ts'
import { apache } from './plugins/apache.ts'
import { gconv } from './plugins/gconv.ts'
import { java } from './plugins/java.ts'
import { nginx } from './plugins/nginx.ts'
import { nss } from './plugins/nss.ts'
import { openssl } from './plugins/openssl.ts'
import { pam } from './plugins/pam.ts'
import { php } from './plugins/php.ts'
import { postgresql } from './plugins/postgresql.ts'
import type { ProofSubject } from './subject.ts'

const checks: readonly PluginCheck[] = [nss, gconv, openssl, pam, nginx, apache, postgresql, php, java]

/** Checks that every plug-in that a configuration in the tree names exists. */
export function* provePlugins(subject: ProofSubject): Generator<NeedFault> {
  for (const { check } of checks) yield* check(subject)
}

/**
 * Whether the proof needs the content of the file at this path, so that the reader of packages keeps it. Paths as in
 * an archive or in the image: with or without usr-merge.
 */
export function proofReads(path: string): boolean {
  const merged = path.replace(/^lib\//, 'usr/lib/')
  return merged === loaderCachePath || checks.some(({ reads }) => reads(merged))
}
