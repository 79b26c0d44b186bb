import { readContents } from '../../assemble/packages/contents.ts'
import type { KeptPackage } from '../../assemble/root/populate.ts'
import type { LockedPackage } from '../../model/lock.ts'
import { proofReads } from '../../tree/proof/plugins.ts'
import { basePackages } from '../base/packages.ts'
import type { Context } from '../context.ts'
import type { PlatformRequest } from './plan.ts'
import { decideBy, readingFacts } from './reading.ts'
import type { AssemblyTools } from './tools.ts'

/** Reads the contents of the fetched packages of one platform, and makes their segments at the same time. */
export async function gatherContents(
  packages: readonly LockedPackage[],
  { recipe, base }: Pick<PlatformRequest, 'recipe' | 'base'>,
  environment: { readonly context: Context; readonly tools: AssemblyTools },
): Promise<KeptPackage[]> {
  const { context, tools } = environment
  const total = packages.reduce((sum, locked) => sum + locked.size, 0)
  const progress = context.progress.start('Reading packages', { total, unit: 'bytes' })
  const facts = readingFacts([...packages, ...basePackages(base)], recipe, context.sourceDateEpoch)
  try {
    return await readContents(packages, {
      ...tools,
      decide: decideBy(facts, { distro: tools.distro, base: base?.tree }),
      captures: proofReads,
      // What lies in an image below is at hand here alone.
      ...(base === undefined ? { elsewhere: (missing) => tools.readers.open(missing, facts) } : {}),
      progress,
    })
  } finally {
    progress.done()
  }
}
