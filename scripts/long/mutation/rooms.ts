/** Sources that decide something, with the tests that are to notice when they decide otherwise. */
export interface MutationRoom {
  readonly name: string
  /** Paths and globs from the root of the repository, as the mutator takes them. */
  readonly sources: readonly string[]
  readonly tests: readonly string[]
}

const src = 'packages/temper/src'

/** Sources of folders, without their tests and what only tests use. */
function sourcesIn(...folders: readonly string[]): readonly string[] {
  const all = folders.map((folder) => `${src}/${folder}/**/*.ts`)
  return [...all, `!${src}/**/*.test.ts`, `!${src}/**/fixtures/**`]
}

export const mutationRooms: readonly MutationRoom[] = [
  {
    name: 'gate',
    sources: sourcesIn('policy/gate'),
    tests: [`${src}/policy/gate/**/*.test.ts`],
  },
  {
    name: 'match',
    sources: sourcesIn('advisory/match'),
    tests: [`${src}/advisory/match/**/*.test.ts`],
  },
  {
    name: 'vex',
    sources: sourcesIn('advisory/vex'),
    tests: [`${src}/advisory/vex/**/*.test.ts`],
  },
  {
    name: 'attest',
    sources: sourcesIn('attest'),
    tests: [`${src}/attest/**/*.test.ts`],
  },
  {
    name: 'proof',
    sources: sourcesIn('tree/proof'),
    tests: [`${src}/tree/proof/**/*.test.ts`],
  },
  {
    name: 'resolve',
    sources: sourcesIn('assemble/solve', 'flows/lock'),
    tests: [`${src}/assemble/solve/**/*.test.ts`, `${src}/flows/lock/**/*.test.ts`],
  },
]
