import { Argument } from 'commander'
import { TemperError } from '../../base/error.ts'
import type { CacheInfo, PruneRequest, PruneResult } from '../../flows/cache.ts'
import { flagOption, textOption } from '../options/option.ts'
import type { CommandDefinition, Invocation, Outcome } from '../program/command.ts'
import { count, formatBytes, parseAge, parseBytes } from '../report/quantity.ts'
import { table } from '../report/table.ts'

export const command: CommandDefinition = {
  name: 'cache',
  ownCache: true,
  summary: 'show what the cache holds, or remove what is old',
  configure: (command) => {
    command
      .addArgument(new Argument('[action]', 'what to do').choices(['info', 'prune', 'path']).default('info'))
      .option(
        '--older-than <age>',
        'prune: remove everything not used for this long (90m, 12h, 30d, 2w); default 30d',
      )
      .option(
        '--max-size <size>',
        'prune: then remove the least recently used until at most this much is left (500MB, 5GB)',
      )
      .option('--all', 'prune: remove everything (not while another build runs)')
      .option('--dry-run', 'prune: only show what would be removed')
  },
  examples: [
    { command: 'temper cache', does: 'sizes by kind' },
    { command: 'temper cache prune --older-than 2w --max-size 5GB', does: 'suitable for a nightly job' },
    { command: 'rm -rf "$(temper cache path)"', does: 'only the path, for scripts' },
  ],
  run: async (invocation) => {
    const action = invocation.args[0]
    if (action === 'prune') return prune(invocation)
    refusePruneOptions(invocation, action ?? 'info')
    const context = await invocation.context()
    if (action === 'path') {
      return { json: { path: context.cacheDir }, text: () => `${context.cacheDir}\n`, kind: 'document' }
    }
    const { cacheInfo } = await import('../../flows/cache.ts')
    const info = await cacheInfo(context)
    return { json: { ...info }, text: () => infoText(info) }
  },
}

function refusePruneOptions(invocation: Invocation, action: string): void {
  const given = ['olderThan', 'maxSize', 'all', 'dryRun'].find((name) => invocation.given.has(name))
  if (given === undefined) return
  throw new TemperError('bad-usage', `"temper cache ${action}" takes no options for pruning`, {
    hint: 'Did you mean "temper cache prune"?',
  })
}

async function prune(invocation: Invocation): Promise<Outcome> {
  const request = pruneRequest(invocation.options)
  const { pruneCache } = await import('../../flows/cache.ts')
  const result = await pruneCache(request, await invocation.context())
  return {
    json: { dryRun: request.dryRun === true, ...result },
    text: () => pruneText(request, result),
    kind: 'summary',
  }
}

function pruneRequest(options: Invocation['options']): PruneRequest {
  const age = textOption(options, 'olderThan')
  const size = textOption(options, 'maxSize')
  const olderThan = age === undefined ? undefined : parseAge(age)
  const maxSize = size === undefined ? undefined : parseBytes(size)
  if (age !== undefined && olderThan === undefined)
    throw bad('--older-than', 'an age such as 30d, 12h or 90m', age)
  if (size !== undefined && maxSize === undefined)
    throw bad('--max-size', 'a size such as 500MB or 5GB', size)
  const byDefault = age === undefined && size === undefined ? { olderThan: 30 * 86_400 } : {}
  return {
    ...byDefault,
    ...(olderThan === undefined ? {} : { olderThan }),
    ...(maxSize === undefined ? {} : { maxSize }),
    all: flagOption(options, 'all'),
    dryRun: flagOption(options, 'dryRun'),
  }
}

function bad(option: string, expected: string, found: string): TemperError {
  return new TemperError('bad-usage', `${option}: expected ${expected}, found "${found}"`)
}

function infoText(info: CacheInfo): string {
  const rows = info.kinds.map((kind) => [`  ${kind.kind}`, formatBytes(kind.size), count(kind.files, 'file')])
  const head = `${info.path}: ${formatBytes(info.size)} in ${count(info.files, 'file')}\n`
  return head + table(rows, [{}, { align: 'right' }, { align: 'right' }])
}

function pruneText(request: PruneRequest, result: PruneResult): string {
  const verb = request.dryRun ? 'Would remove' : 'Removed'
  const kept = `${count(result.keptFiles, 'file')} (${formatBytes(result.keptSize)}) ${request.dryRun ? 'would stay' : 'stay'}`
  return `${verb} ${count(result.removedFiles, 'file')} (${formatBytes(result.removedSize)}); ${kept}.\n`
}
