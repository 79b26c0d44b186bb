import { solve } from '../../../packages/temper/src/assemble/solve/solve.ts'
import { TemperError } from '../../../packages/temper/src/base/error.ts'
import { debianRules } from '../../../packages/temper/src/distro/debian/packages/rules.ts'
import type { AptWorld } from './world.ts'

export interface Comparison {
  /** `smaller`: fewer packages, and apt says that they are enough. `refused`: by both. */
  readonly outcome: 'equal' | 'smaller' | 'refused' | 'different'
  /** What is only in one of the two. */
  readonly text: string
}

/** What apt and Temper install for one package. */
export async function compareRoot(name: string, world: AptWorld): Promise<Comparison> {
  const [theirs, ours] = [await world.plan([name]), solved(name, world)]
  if (theirs === undefined || ours === undefined) {
    if (theirs === ours) return { outcome: 'refused', text: '' }
    return { outcome: 'different', text: `only ${ours === undefined ? 'apt' : 'Temper'} finds a solution` }
  }
  const [missing, more] = [only(theirs, ours), only(ours, theirs)]
  if (missing.length + more.length === 0) return { outcome: 'equal', text: '' }
  const text = `only apt: ${missing.join(' ') || 'nothing'}; only Temper: ${more.join(' ') || 'nothing'}`
  if (ours.length >= theirs.length) return { outcome: 'different', text }
  // Asked for all of it by name and version, apt must have nothing to add and nothing against it.
  const taken = await world.plan(ours.map((each) => each.replace(' ', '=')))
  const isEnough = taken !== undefined && only(taken, ours).length === 0
  return { outcome: isEnough ? 'smaller' : 'different', text }
}

function solved(name: string, { index }: AptWorld): readonly string[] | undefined {
  try {
    const { packages } = solve([{ name, excluded: false }], index, {
      architecture: 'amd64',
      rules: debianRules,
    })
    return packages.map(({ package: candidate }) => `${candidate.name} ${candidate.version}`)
  } catch (error) {
    if (error instanceof TemperError && /^(?:unsatisfiable|package-not-found)$/.test(error.code))
      return undefined
    throw error
  }
}

function only(these: readonly string[], those: readonly string[]): readonly string[] {
  const others = new Set(those)
  return these.filter((each) => !others.has(each))
}
