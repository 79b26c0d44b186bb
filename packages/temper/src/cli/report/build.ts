import type { BuildResult, BuildScan, PlatformResult } from '../../flows/build/result.ts'
import type { UnmodelledEffect } from '../../model/package/unmodelled-effect.ts'
import type { Relaxation } from '../../model/recipe.ts'
import { dayOf } from '../../report/date.ts'
import { countsLine } from '../../report/summary.ts'
import type { Style } from '../style.ts'
import { policyText } from './judge/gate.ts'
import { refusedText } from './judge/refused.ts'
import { nextCommands } from './next-commands.ts'
import { count, formatBytes, formatDuration } from './quantity.ts'
import { facts } from './table.ts'

/** More than this many lines of one kind are counted instead. */
const mostLines = 10

/** The object of `temper build --json`. */
export function buildJson(result: BuildResult, milliseconds: number): Readonly<Record<string, unknown>> {
  return { ...result, milliseconds }
}

/** What you would paste into a ticket: what was made, what is known about it, and what to do with it. */
export function buildText(
  result: BuildResult,
  options: {
    readonly target: string
    readonly milliseconds: number
    readonly style: Style
    readonly program: string
    readonly workingDir: string
  },
): string {
  const { style } = options
  const time = formatDuration(options.milliseconds)
  const done = result.cached ? `unchanged since the last build (${time})` : `built in ${time}`
  const refused = refusedText(result.refused ?? [])
  const mark = refused === '' ? style.good('✓') : style.warn('!')
  const head = `${mark} ${style.bold(options.target)} ${done}${style.warn(refused)}\n`
  const several = result.platforms.length > 1
  const platforms = result.platforms.map((platform) => {
    const scan = result.scans?.find((each) => each.platform === platform.platform)
    return platformText(platform, { style, several, scan })
  })
  const end: [string, string][] = [
    [several ? 'index' : 'digest', style.bold(result.digest)],
    ['written to', result.reference],
    ...result.published.map((reference): [string, string] => ['published', reference]),
    ...(result.refused ?? []).map(({ type, reason }): [string, string] => ['refused', `${type}: ${reason}`]),
    [
      'evidence',
      result.signer === undefined
        ? 'attached, not signed (sign it with: --sign KEY)'
        : `attached, signed by ${result.signer}`,
    ],
    ...(result.gate === undefined ? [] : [['policy', policyText(result.gate)] as [string, string]]),
    ['lock', result.lock ?? `none: resolved afresh (pin it with: ${options.program} lock ${options.target})`],
    ...nextCommands(result, { ...options, name: nameOf(options.target) }).map(
      (line, index): [string, string] => [index === 0 ? 'next' : '', line],
    ),
  ]
  return `${head}${platforms.join(several ? '\n' : '')}${several ? '\n' : ''}${facts(end.map(([label, value]) => [label.padEnd(labelWidth), value]))}`
}

/** "nginx", "catalog/nginx/", "web.yaml", "web.yaml --line 17 --variant dev" → a name for files. */
function nameOf(target: string): string {
  const [recipe = '', ...chosen] = target.split(/ --(?:line|variant) /)
  if (chosen.length > 0) return [nameOf(recipe), ...chosen].join('-')
  const last = target.replace(/\/+$/, '').split('/').at(-1) ?? ''
  return last.replace(/\.ya?ml$/, '').replace(/[^\w.-]+/g, '-') || 'image'
}

const labelWidth = 'unmodelled'.length

function platformText(
  platform: PlatformResult,
  options: {
    readonly style: Style
    readonly several: boolean
    readonly scan: BuildScan | undefined
  },
): string {
  const { style } = options
  const stripped = Object.entries(platform.stripped).filter(([, amount]) => amount > 0)
  const rows: [string, string][] = [
    ['platform', platform.platform],
    [
      'contents',
      `${count(platform.packages, 'package')}, ${count(platform.files, 'file')}, ${formatBytes(platform.unpackedSize)}`,
    ],
    ['size', `${formatBytes(platform.size)} compressed in ${count(platform.layers, 'layer')}`],
    ['user', platform.user],
    ['shell', relaxed(platform.relaxations, 'shell', 'none', style)],
    ['setuid', relaxed(platform.relaxations, 'setuid', '0 files', style)],
    [
      'pruned',
      listed(
        platform.pruned.map((pruned) => pruned.name),
        'package',
      ),
    ],
    ['left out', stripped.map(([reason, amount]) => `${reason} ${amount}`).join(', ') || 'nothing'],
    ...otherRelaxations(platform.relaxations, style),
    ['unmodelled', unmodelledText(platform.unmodelledEffects, style)],
    ['findings', scanLine(options.scan, style)],
    ...(options.several ? [['image', platform.digest] satisfies [string, string]] : []),
  ]
  return facts(rows.map(([label, value]) => [label.padEnd(labelWidth), value]))
}

/** What is known against the image, in a line. */
function scanLine(scan: BuildScan | undefined, style: Style): string {
  if (scan === undefined)
    return style.dim('no advisories to compare with (get them with: temper feeds update)')
  const age = scan.asOf === undefined ? 'of unknown age' : `of ${dayOf(scan.asOf)}`
  const text = `${countsLine(scan)} (advisories ${age})`
  const { critical, high } = scan.severities
  if (critical + high + scan.exploited > 0) return style.bad(text)
  return scan.complete ? text : style.warn(text)
}

function relaxed(
  relaxations: readonly Relaxation[],
  rule: Relaxation['rule'],
  strict: string,
  style: Style,
): string {
  const allowed = relaxations.filter((relaxation) => relaxation.rule === rule)
  if (allowed.length === 0) return strict
  return style.warn(allowed.map((relaxation) => `allowed${scope(relaxation)}: ${relaxation.why}`).join('; '))
}

function otherRelaxations(relaxations: readonly Relaxation[], style: Style): readonly [string, string][] {
  return relaxations
    .filter(({ rule }) => rule !== 'shell' && rule !== 'setuid')
    .map((relaxation) => ['relaxed', style.warn(`${relaxation.rule}${scope(relaxation)}: ${relaxation.why}`)])
}

function scope(relaxation: Relaxation): string {
  return relaxation.path === undefined ? '' : ` for ${relaxation.path}`
}

function listed(names: readonly string[], noun: string): string {
  if (names.length === 0) return 'nothing'
  const shown = names.slice(0, mostLines).join(', ')
  return `${count(names.length, noun)} (${shown}${names.length > mostLines ? ', …' : ''})`
}

/** What maintainer scripts would have done and nobody models; the whole list is in the lock and the JSON. */
function unmodelledText(effects: readonly UnmodelledEffect[], style: Style): string {
  if (effects.length === 0) return 'none'
  const lines = effects
    .slice(0, mostLines)
    .map((effect) => `${effect.package} ${effect.script}:${effect.line}  ${effect.command}`)
  if (effects.length > mostLines) lines.push(`… and ${effects.length - mostLines} more (--json lists all)`)
  const indent = `\n${' '.repeat(labelWidth + 4)}`
  return style.warn(count(effects.length, 'effect')) + indent + lines.join(indent)
}
