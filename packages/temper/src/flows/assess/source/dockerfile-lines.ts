import { tryJson } from '../../../base/json/parse.ts'
import {
  type DockerfileInstruction,
  type DockerfileStage,
  dockerfileStages,
} from '../../../formats/dockerfile/instructions.ts'
import { instructionOf, type NamedSetting } from '../../../model/assess/setting.ts'
import type { SourceLine } from '../../../model/assess/source-line.ts'
import type { ImageConfig } from '../../../model/image.ts'
import { dockerfileText } from '../../../rules/image/history/instructions.ts'

/** Finds the places in a Dockerfile that parts of an image come from. */
export class DockerfileLines {
  readonly #file: string
  /** The instructions of the last stage and of the stages that it is based on, in the order in which they run. */
  readonly #instructions: readonly DockerfileInstruction[]
  /** The instruction that made an entry of the history, by the entry's position. */
  readonly #made: ReadonlyMap<number, DockerfileInstruction>
  /** Whether the instructions of the Dockerfile are in the image's history. */
  readonly isOfImage: boolean

  constructor(text: string, file: string, history: ImageConfig['history'] = []) {
    this.#file = file
    this.#instructions = chainOf(dockerfileStages(text))
    const entries = history.map(({ created_by: by }) => dockerfileText(by))
    this.#made = align(this.#instructions, entries)
    const runs = this.#instructions.filter(({ keyword }) => keyword === 'RUN')
    const made = new Set(this.#made.values())
    const known = entries.some((entry) => entry !== '')
    this.isOfImage = !known || runs.length === 0 || runs.some((run) => made.has(run))
  }

  /** The instruction that made an entry of the history; FROM for entries of the base. */
  entry(position: number): SourceLine | undefined {
    const own = this.#made.get(position)
    if (own !== undefined) return this.#line(own)
    if (this.#made.size === 0) return this.#instructions.length === 1 ? this.#from() : undefined
    const first = Math.min(...this.#made.keys())
    return position < first ? this.#from() : undefined
  }

  /** The last instruction that sets a setting, or the one that has to be added. */
  setting({ setting, name }: NamedSetting): SourceLine | undefined {
    if (setting === 'history') return name === undefined ? undefined : this.entry(Number(name) - 1)
    if (setting === 'base') return this.#from()
    const keyword = instructionOf[setting]
    const set = this.#instructions.findLast(
      (each) => each.keyword === keyword && (name === undefined || words(each.text).includes(plain(name))),
    )
    if (set !== undefined) return this.#line(set)
    // What the Dockerfile does not set comes from its base.
    if (setting === 'trigger' || setting === 'build-argument') return this.#from()
    const last = this.#instructions.at(-1)
    return (
      last && { file: this.#file, key: name === undefined ? keyword : `${keyword} ${name}`, change: 'add' }
    )
  }

  #from(): SourceLine | undefined {
    const from = this.#instructions.find(({ keyword }) => keyword === 'FROM')
    return from && this.#line(from)
  }

  #line({ line, keyword }: DockerfileInstruction): SourceLine {
    return { file: this.#file, line, key: keyword, change: 'change' }
  }
}

/** What is carried out for the last stage: a stage may begin with another one, by its name. */
function chainOf(stages: readonly DockerfileStage[]): readonly DockerfileInstruction[] {
  const chain: DockerfileInstruction[] = []
  for (let at = stages.length - 1; at >= 0; ) {
    const stage = stages[at]
    if (stage === undefined) break
    const before: number = stages.findLastIndex(
      ({ name }, i) => i < at && name !== undefined && name === stage.from.toLowerCase(),
    )
    // The FROM of a stage that begins with another one brings nothing of its own.
    chain.unshift(...stage.instructions.slice(before < 0 ? 0 : 1))
    at = before
  }
  return chain
}

/** From the end, since what the base brought is at the beginning. */
function align(
  instructions: readonly DockerfileInstruction[],
  entries: readonly string[],
): ReadonlyMap<number, DockerfileInstruction> {
  const made = new Map<number, DockerfileInstruction>()
  let end = entries.length
  for (const instruction of instructions.toReversed()) {
    if (instruction.keyword === 'FROM') continue
    const at = entries.findLastIndex((entry, i) => i < end && isSame(instruction, entry))
    if (at < 0) continue
    made.set(at, instruction)
    end = at
  }
  return made
}

/**
 * Whether an entry of a history was made by an instruction. Commands of RUN are there as they are written; in others
 * variables are replaced, and sources of files may be digests.
 */
function isSame({ keyword, text }: DockerfileInstruction, entry: string): boolean {
  if (!entry.startsWith(`${keyword} `)) return false
  const rest = entry.slice(keyword.length)
  if (keyword === 'RUN') {
    const command = spaced(withoutFlags(text.replace(/^<<-?["']?\w[\w.-]*["']?\n/, '')))
    return command !== '' && spaced(rest).endsWith(commandOf(command))
  }
  const own = words(withoutFlags(text))
  const telling = keyword === 'COPY' || keyword === 'ADD' ? own.slice(-1) : own.slice(0, 1)
  const there = new Set(words(rest))
  return telling.every((word) => word.includes('$') || there.has(plain(word)))
}

/** `RUN ["a", "b"]` is "a b" in a history. */
function commandOf(command: string): string {
  if (!command.startsWith('[')) return command
  const list = tryJson(command)
  return Array.isArray(list) ? list.join(' ') : command
}

function withoutFlags(text: string): string {
  return text.replace(/^(?:--\S{1,2000}\s+){1,20}/, '')
}

function spaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** Words of an instruction, as any builder writes it. */
function words(text: string): readonly string[] {
  return text
    .split(/[\s[\]{}:=,"']+/)
    .filter((word) => word !== '')
    .map(plain)
}

/** "80/tcp" is also written "80", and a folder with a slash at its end. */
function plain(word: string): string {
  return word.replace(/\/tcp$|(?<=.)\/+$/, '')
}
