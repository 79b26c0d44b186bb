import { readFile } from 'node:fs/promises'
import type { NamedBytes } from '../../base/bytes.ts'

/** Policies that ship with Temper, as files beside this one. Another policy needs another name here and a file. */
export const packagedPolicies = [
  'baseline',
  'hardened',
  'secure',
  'fedramp',
  'cis-docker',
  'pss-restricted',
] as const

/** The policy that applies when none is named. */
export const defaultPolicy: (typeof packagedPolicies)[number] = 'hardened'

/** The file of a packaged policy; undefined when there is none of that name. */
export async function packagedPolicy(name: string): Promise<NamedBytes | undefined> {
  if (!packagedPolicies.some((each) => each === name)) return undefined
  return { name, bytes: await readFile(new URL(`./${name}.yaml`, import.meta.url)) }
}
