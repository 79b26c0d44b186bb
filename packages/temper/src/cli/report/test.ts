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
  const verdict = failed === 0 ? style.good('passed') : style.bad(`${failed} failed`)
  const time = formatDuration(options.milliseconds)
  lines.push(
    `${style.bold(target)}: ${count(outcome.results.length, 'test')}, ${verdict} (${outcome.platform}, ${outcome.runtime}, ${time})`,
    `  image  ${outcome.build.reference}  ${outcome.build.digest}`,
  )
  return `${lines.join('\n')}\n`
}
