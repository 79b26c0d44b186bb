import { readFile } from 'node:fs/promises'
import type { NamedBytes } from '../../base/bytes.ts'

/** Policies that ship with Temper: files beside this one. A further one is a further name and file. */
export const packagedPolicies = [
  'baseline',
  'hardened',
  'secure',
  'fedramp',
  'cis-docker',
  'pss-restricted',
] as const

/** What holds where nobody names a policy. */
export const defaultPolicy: (typeof packagedPolicies)[number] = 'hardened'

/** The file of a packaged policy; undefined when none is called so. */
export async function packagedPolicy(name: string): Promise<NamedBytes | undefined> {
  if (!packagedPolicies.some((each) => each === name)) return undefined
  return { name, bytes: await readFile(new URL(`./${name}.yaml`, import.meta.url)) }
}
