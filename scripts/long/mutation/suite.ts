/**
 * As much of Vitest's interface as tests use, for running them again and again in one process: Vitest itself needs more
 * than a second for each run, and there are thousands. Matchers that ask Vitest's runner, such as snapshots, do not work.
 */
export { expect } from 'vitest'

type Body = () => unknown
type Row = readonly unknown[]
type Hook = 'beforeAll' | 'afterAll' | 'beforeEach' | 'afterEach'

export interface Test {
  /** Unlike those of all other tests of the file, and the same in each run. */
  readonly id: string
  readonly body: Body
  readonly group: Group
}

export interface Group {
  readonly parent: Group | undefined
  readonly name: string
  readonly skipped: boolean
  readonly hooks: Readonly<Record<Hook, Body[]>>
}

export interface Collection {
  readonly tests: Test[]
  readonly ids: Map<string, number>
  group: Group
}

let current: Collection | undefined

/** What a file that is imported meanwhile declares. */
export async function collect(importFile: () => Promise<unknown>): Promise<readonly Test[]> {
  current = { tests: [], ids: new Map(), group: newGroup('', undefined) }
  const { tests } = current
  await importFile()
  current = undefined
  return tests
}

function newGroup(name: string, parent: Group | undefined, skipped = false): Group {
  return { name, parent, skipped, hooks: { beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] } }
}

function collecting(): Collection {
  if (current === undefined) throw new Error('tests are declared while their file is imported')
  return current
}

interface Declaration {
  readonly name: string
  readonly body: Body
  readonly skipped: boolean
}

function declareTest({ name, body, skipped }: Declaration): void {
  const { tests, ids, group } = collecting()
  if (skipped || isSkipped(group)) return
  const path = `${pathOf(group)} ${name}`
  const count = ids.get(path) ?? 0
  ids.set(path, count + 1)
  tests.push({ id: count === 0 ? path : `${path} (${count})`, body, group })
}

function declareGroup({ name, body, skipped }: Declaration): void {
  const collection = collecting()
  const parent = collection.group
  collection.group = newGroup(name, parent, skipped)
  body()
  collection.group = parent
}

function isSkipped(group: Group | undefined): boolean {
  return group !== undefined && (group.skipped || isSkipped(group.parent))
}

function pathOf({ name, parent }: Group): string {
  return parent === undefined ? name : `${pathOf(parent)} ${name}`
}

type Declare = (declaration: Declaration) => void
/** `it(name, body)`, `it(name, options, body)`. */
type Words<T> = readonly [name: string, ...rest: readonly (T | object | number)[]]

interface Declarer {
  (...words: Words<Body>): void
  skipIf(condition: unknown): Declarer
  runIf(condition: unknown): Declarer
  each(rows: readonly unknown[]): (...words: Words<(...row: Row) => unknown>) => void
}

function declarer(declare: Declare, skipped = false): Declarer {
  const one = (...[name, ...rest]: Words<Body>) => declare({ name, body: bodyOf(rest), skipped })
  return Object.assign(one, {
    skipIf: (condition: unknown) => declarer(declare, skipped || Boolean(condition)),
    runIf: (condition: unknown) => declarer(declare, skipped || !condition),
    each:
      (rows: readonly unknown[]) =>
      (...[name, ...rest]: Words<(...row: Row) => unknown>) => {
        const body = bodyOf(rest)
        // A list among rows of another kind is one word, as Vitest has it.
        const areLists = rows.every((row) => Array.isArray(row))
        for (const [index, row] of rows.entries()) {
          const words: Row = areLists ? (row as Row) : [row]
          declare({ name: `${name} [${index}]`, body: () => body(...words), skipped })
        }
      },
  })
}

function bodyOf<T extends (...row: never) => unknown>(rest: readonly (T | object | number)[]): T {
  const body = rest.find((word): word is T => typeof word === 'function')
  if (body === undefined) throw new Error('a test has no body')
  return body
}

function hook(name: Hook): (body: Body) => void {
  return (body) => {
    collecting().group.hooks[name].push(body)
  }
}

export const describe: Declarer = declarer(declareGroup)
export const it: Declarer = declarer(declareTest)
export const test: Declarer = declarer(declareTest)
export const beforeAll = hook('beforeAll')
export const afterAll = hook('afterAll')
export const beforeEach = hook('beforeEach')
export const afterEach = hook('afterEach')
