/** What is built: a recipe in bench/recipes, the same packages for both sides. The last one is an image of more than 1 GB. */
export const workloads = ['nginx', 'jre', 'postgres', 'large'] as const
export type Workload = (typeof workloads)[number]

export const compressions = ['gzip', 'zstd'] as const
export type Compression = (typeof compressions)[number]

/** The package that "one package changed" changes: all three workloads have it, and it is updated often. */
export const changedPackage = 'libssl3t64'

export function isWorkload(name: string): name is Workload {
  return (workloads as readonly string[]).includes(name)
}

export function isCompression(name: string): name is Compression {
  return (compressions as readonly string[]).includes(name)
}

/** What is compared besides building. */
export const comparisons = [
  'start',
  'scan',
  'documents',
  'scan-image',
  'feeds',
  'inventory',
  'assess',
  'assess-large',
  'sign',
  'registry',
  'chisel',
  'scaling',
] as const
export type Comparison = (typeof comparisons)[number]

export function isComparison(name: string): name is Comparison {
  return (comparisons as readonly string[]).includes(name)
}
