import type { PackageOutcome } from './outcome.ts'

/** The numbers that the list was run for. */
export function summary(outcomes: readonly PackageOutcome[]): string {
  const built = outcomes.filter(({ result }) => result === 'built')
  const unmodelled = built.filter((outcome) => outcome.unmodelled > 0)
  const codes = new Map<string, string[]>()
  for (const { code, package: name } of outcomes)
    if (code !== null) codes.set(code, [...(codes.get(code) ?? []), name])
  const starts = (value: boolean | null) => built.filter((outcome) => outcome.starts === value)
  const broken = starts(false).map(({ package: name, reason }) => `    ${name}: ${reason}`)
  return [
    `${outcomes.length} packages`,
    `  built       ${share(built.length, outcomes.length)}`,
    `  unmodelled  ${share(unmodelled.length, built.length)} of what was built: ${names(unmodelled)}`,
    ...[...codes].sort().map(([code, of]) => `  refused     ${of.length} ${code}: ${of.join(' ')}`),
    `  starts      ${starts(true).length}, ${starts(null).length} have no main program, ${broken.length} do not start`,
    ...broken,
  ].join('\n')
}

function share(count: number, all: number): string {
  return `${count} (${all === 0 ? 0 : ((100 * count) / all).toFixed(1)} %)`
}

function names(outcomes: readonly PackageOutcome[]): string {
  return outcomes.map(({ package: name, unmodelled }) => `${name} ${unmodelled}`).join(', ') || 'none'
}
