import { readFile } from 'node:fs/promises'
import { openAptWorld } from './apt/world.ts'

/** What a system of Debian with the same packages would have in it. */
export interface Closure {
  /** Number of packages. */
  readonly packages: number
  /** Bytes once unpacked, as the index states. */
  readonly unpacked: number
}

/** Tells the closure of packages as apt of Debian 13 makes it on top of the essential ones; undefined when it refuses. */
export async function openClosures(): Promise<(names: readonly string[]) => Promise<Closure | undefined>> {
  const world = await openAptWorld()
  const sizes = new Map<string, number>()
  const essential: string[] = []
  for (const paragraph of (await readFile(world.packages, 'utf8')).split('\n\n')) {
    const name = field(paragraph, 'Package')
    if (name === undefined) continue
    sizes.set(name, Number(field(paragraph, 'Installed-Size') ?? 0) * 1024)
    if (field(paragraph, 'Essential') === 'yes') essential.push(name)
  }
  return async (names) => {
    const plan = await world.plan([...new Set([...essential, ...names])])
    return plan && { packages: plan.length, unpacked: plan.reduce((sum, each) => sum + sizeOf(each), 0) }
  }

  function sizeOf(planned: string): number {
    return sizes.get(planned.split(' ', 1)[0] ?? '') ?? 0
  }
}

function field(paragraph: string, name: string): string | undefined {
  return new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1]
}
