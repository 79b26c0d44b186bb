import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import type { TargetRequest } from '../../flows/lock/named-recipe.ts'
import { type CertificateFile, certificateFileLimit } from '../../model/certificate-file.ts'
import type { Host } from '../host.ts'
import { gather, listOption, textOption } from './option.ts'

type Vars = Readonly<Record<string, string>>

/** For commander: gathers repeated `--var name=value`. */
function gatherVars(value: string, earlier: Vars | undefined): Vars {
  const equals = value.indexOf('=')
  if (equals < 1) throw new InvalidArgumentError('Expected name=value.')
  return { ...earlier, [value.slice(0, equals)]: value.slice(equals + 1) }
}

/** Adds the options that say which recipe it is, besides its name. */
export function addRecipeOptions(command: Command): Command {
  return command
    .option('--line <name>', "which of the recipe's version lines (default: its own)")
    .option('--variant <name>', 'which of the variants of the recipe (default: runtime, the recipe itself)')
    .option('--context <dir>', 'folder whose files take precedence over those beside the recipe')
    .option('--var <name=value>', "set one of the recipe's vars", gatherVars)
    .option(
      '--certificate <file>',
      'certificate authority that the image trusts in addition to those of the recipe; repeat for several',
      gather,
    )
}

/** Which recipe it is: its version line and variant, the folder of its files, values that replace its vars, and certificates that are added. */
export async function recipeOptions(
  options: Readonly<Record<string, unknown>>,
  { workingDir }: Pick<Host, 'workingDir'>,
): Promise<Pick<TargetRequest, 'vars' | 'line' | 'variant' | 'certificates' | 'context'>> {
  const [line, variant] = ['line', 'variant'].map((name) => textOption(options, name))
  const files = listOption(options, 'certificate')
  const certificates = await Promise.all(files.map((name) => readCertificateFile(name, workingDir)))
  return {
    vars: varsOption(options),
    ...(line === undefined ? {} : { line }),
    ...(variant === undefined ? {} : { variant }),
    ...(textOption(options, 'context') === undefined
      ? {}
      : { context: textOption(options, 'context') ?? '' }),
    ...(certificates.length === 0 ? {} : { certificates }),
  }
}

async function readCertificateFile(name: string, workingDir: string): Promise<CertificateFile> {
  const path = resolve(workingDir, name)
  const stats = await stat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError('read', path, error)
    throw new TemperError('not-found', `The certificate ${name} does not exist`)
  })
  if (stats.isFile() && stats.size <= certificateFileLimit) return { name, bytes: await readFile(path) }
  const what = stats.isFile() ? `one of ${stats.size}` : 'something else'
  throw new TemperError(
    'bad-usage',
    `${name}: expected a file of at most ${certificateFileLimit} bytes, found ${what}`,
  )
}

function varsOption(options: Readonly<Record<string, unknown>>): Vars {
  const value = options['var']
  if (value === null || typeof value !== 'object') return {}
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  )
}
