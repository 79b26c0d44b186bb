import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { UnnoticedChange } from './unnoticed.ts'

export interface AskAgainOptions {
  readonly root: string
  /** Files with tests, from the root. */
  readonly tests: readonly string[]
}

/** What a process of its own is given, and what it says of each change in turn. */
export interface Question extends AskAgainOptions {
  readonly changes: readonly UnnoticedChange[]
}
export interface Answer {
  readonly index: number
  /** The test that noticed. */
  readonly by: string | undefined
}
/** What a process says in between: the tests of another file begin. */
export type Progress = 'tests'

/** Milliseconds for the tests of a file until a change that ends nowhere counts as noticed: much, since machines are busy. */
const patience = 180_000

/**
 * Asks the tests about changes one by one, without the mutator, and gives back those that no test notices. A change whose
 * text is several times in its line is not asked about, and counts as unnoticed.
 */
export async function askAgain(
  changes: readonly UnnoticedChange[],
  options: AskAgainOptions,
): Promise<readonly UnnoticedChange[]> {
  const noticed = new Set<number>()
  for (let from = 0; from < changes.length; ) {
    const rest = changes.slice(from)
    const last = await askProcess({ ...options, changes: rest }, ({ index, by }) => {
      if (by !== undefined) noticed.add(from + index)
      console.log(`${from + index + 1}/${changes.length} ${by ?? 'unnoticed'}: ${rest[index]?.change}`)
    })
    if (last < rest.length) noticed.add(from + last)
    from += last + 1
  }
  return changes.filter((_, index) => !noticed.has(index))
}

/** The index of the change that it was stopped in; their number when it answered about all. */
async function askProcess(question: Question, onAnswer: (answer: Answer) => void): Promise<number> {
  const child = fork(fileURLToPath(new URL('again-process.ts', import.meta.url)), { cwd: question.root })
  let next = 0
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const stop = () => void child.kill('SIGKILL')
  let timer = setTimeout(stop, patience)
  child.on('message', (message: Answer | Progress) => {
    clearTimeout(timer)
    timer = setTimeout(stop, patience)
    if (message === 'tests') return
    next = message.index + 1
    onAnswer(message)
  })
  child.on('error', reject)
  child.on('exit', () => resolve())
  child.send(question)
  try {
    await promise
  } finally {
    clearTimeout(timer)
  }
  return next
}

/** Whether the source has the text that a change is about no more. */
export function isGone(root: string, change: UnnoticedChange): boolean {
  return placesOf(readFileSync(`${root}/${change.file}`, 'utf8'), change).length === 0
}

/** The source with a change made, in the line nearest to where it was; undefined where its place is not clear any more. */
export function changedSource(root: string, change: UnnoticedChange): string | undefined {
  const text = readFileSync(`${root}/${change.file}`, 'utf8')
  const places = placesOf(text, change)
  const away = Math.min(...places.map(({ distance }) => distance))
  const [place, other] = places.filter(({ distance }) => distance === away)
  if (place === undefined || other !== undefined) return undefined
  return text.slice(0, place.at) + change.replacement + text.slice(place.at + change.original.length)
}

interface Place {
  readonly at: number
  /** In lines, from where it was. */
  readonly distance: number
}

function placesOf(text: string, { line: was, within, original }: UnnoticedChange): readonly Place[] {
  const places: Place[] = []
  let start = 0
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === within)
      for (let at = text.indexOf(original, start); isIn(at, start, line); at = text.indexOf(original, at + 1))
        places.push({ at, distance: Math.abs(index + 1 - was) })
    start += line.length + 1
  }
  return places
}

function isIn(at: number, start: number, line: string): boolean {
  return at >= start && at < start + line.length
}
