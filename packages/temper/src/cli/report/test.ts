import type { TestOutcome } from '../../flows/test/test.ts'
import type { Style } from '../style.ts'
import { count, formatDuration } from './quantity.ts'

/** The results of a recipe's tests, one line each; what failed says why and what the container printed. */
export function testText(
  outcome: TestOutcome,
  options: { readonly target: string; readonly milliseconds: number; readonly style: Style },
): string {
  const { style, target } = options
  const lines = outcome.results.flatMap((result) => {
    if (result.passed) return [`${style.good('✓')} ${result.name}`]
    const output = (result.output ?? '').trimEnd()
    return [
      `${style.bad('✗')} ${result.name}`,
      `    ${result.reason ?? 'failed'}`,
      ...(output === '' ? [] : output.split('\n').map((line) => `    | ${line}`)),
    ]
  })
  const failed = outcome.results.filter((result) => !result.passed).length
  if (failed > 0) lines.push(...unmodelledLines(outcome, style))
  const verdict = failed === 0 ? style.good('passed') : style.bad(`${failed} failed`)
  const time = formatDuration(options.milliseconds)
  lines.push(
    `${style.bold(target)}: ${count(outcome.results.length, 'test')}, ${verdict} (${outcome.platform}, ${outcome.runtime}, ${time})`,
    `  image  ${outcome.build.reference}  ${outcome.build.digest}`,
  )
  return `${lines.join('\n')}\n`
}

/** Most commands that are told: the rest is in `temper build`. */
const mostTold = 10

/** What maintainer scripts do and was not done: where a test fails, that is often why. */
function unmodelledLines({ build, platform }: TestOutcome, style: Style): readonly string[] {
  const effects = build.platforms.find((each) => each.platform === platform)?.unmodelledEffects ?? []
  if (effects.length === 0) return []
  const told = effects.slice(0, mostTold)
  const more = effects.length > told.length ? [`    and ${effects.length - told.length} more`] : []
  return [
    style.warn('Maintainer scripts do things that were not done here; do the parts that matter under paths:'),
    ...told.map(({ package: name, script, line, command }) => `    ${name} ${script}:${line}: ${command}`),
    ...more,
  ]
}
