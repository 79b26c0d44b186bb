import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Machine } from '../../../packages/temper/src/cli/host.ts'
import type { Context } from '../../../packages/temper/src/flows/context.ts'
import type { UnmodelledEffect } from '../../../packages/temper/src/model/package/unmodelled-effect.ts'
import type { PackageOutcome } from './outcome.ts'
import { startMainProgram } from './start.ts'

const command = fileURLToPath(new URL('../../../packages/temper/src/cli/main.ts', import.meta.url))

/** Seconds that choosing and building may take. */
const buildLimit = 1200

export interface Trial {
  readonly name: string
  /** "debian-13". */
  readonly distribution: string
  /** Removed when the trial is over. */
  readonly folder: string
}

/** Locks and builds a recipe of one package alone, as a person would, and starts what the package is for. */
export async function tryPackage(trial: Trial, context: Context, machine: Machine): Promise<PackageOutcome> {
  const { name, distribution, folder } = trial
  const refused = { package: name, result: 'refused', unmodelled: 0, starts: null } as const
  mkdirSync(folder, { recursive: true })
  const recipe = join(folder, 'recipe.yaml')
  const contents = `contents:\n  packages: [${JSON.stringify(name)}]\n`
  writeFileSync(recipe, `name: acceptance\ndistribution: ${distribution}\n${contents}`)
  try {
    const locked = await temper(['lock', recipe], context.signal)
    if (locked.error !== undefined) return { ...refused, ...locked.error }
    const built = await temper(['build', recipe, '--output', join(folder, 'image')], context.signal)
    if (built.error !== undefined) return { ...refused, ...built.error }
    const unmodelledEffects = built.unmodelledEffects
    const started = await startMainProgram({ ...trial, recipe }, context, machine)
    return {
      package: name,
      result: 'built',
      code: null,
      unmodelled: unmodelledEffects.length,
      ...started,
      ...(unmodelledEffects.length === 0 ? {} : { unmodelledEffects }),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Answer {
  readonly error?: { readonly code: string; readonly reason: string }
  readonly unmodelledEffects: readonly UnmodelledEffect[]
}

/** What a command says with `--json`: the part that matters here. */
interface JsonAnswer {
  readonly error?: { readonly code: string; readonly message: string }
  readonly platforms?: readonly { readonly unmodelledEffects?: readonly UnmodelledEffect[] }[]
}

/** A process of its own for each: what one package does to it does nothing to the next. */
async function temper(words: readonly string[], signal: AbortSignal): Promise<Answer> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', command, ...words, '--json'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: buildLimit * 1000,
      signal,
    },
  )
  let text = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (part: string) => {
    text += part
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code === null) return ended(`${words[0]} took more than ${buildLimit} s, or was ended by a signal`)
  try {
    const { error, platforms = [] } = JSON.parse(text) as JsonAnswer
    if (error !== undefined)
      return { error: { code: error.code, reason: error.message }, unmodelledEffects: [] }
    return { unmodelledEffects: platforms.flatMap((each) => each.unmodelledEffects ?? []) }
  } catch {
    return ended(`${words[0]} ended with exit code ${code} and said: ${text.slice(0, 200)}`)
  }
}

const ended = (reason: string): Answer => ({ error: { code: 'no-answer', reason }, unmodelledEffects: [] })
