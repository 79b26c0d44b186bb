import { redactText } from '../../base/http/redact.ts'
import { jsonTextPieces } from '../../base/json/pieces.ts'
import { printable, printableJson } from '../../base/printable.ts'
import type { Host, Output } from '../host.ts'
import type { Outcome } from '../program/command.ts'
import { type Style, styleFor } from '../style.ts'
import { describeError, errorJson, errorText } from './error.ts'
import { fold } from './fold.ts'

export interface ReportOptions {
  readonly json: boolean
  readonly color: boolean
}

/** Prints what a command found, and gives its exit code. */
export async function reportOutcome(
  outcome: Outcome,
  host: Host,
  options: ReportOptions & { readonly kind?: Outcome['kind']; readonly quiet?: boolean },
): Promise<number> {
  const style = styleFor(host.stdout, host, options)
  if (options.json) {
    await writeJson(outcome, host.stdout)
  } else {
    for (const text of outcomeTexts(outcome, { host, style, options })) {
      if (text === '') continue
      host.stdout.write(text)
      await host.stdout.taken()
    }
  }
  return outcome.exitCode ?? 0
}

async function writeJson({ json, jsonPieces }: Outcome, output: Output): Promise<void> {
  for (const piece of jsonPieces ?? jsonTextPieces(json)) {
    output.write(typeof piece === 'string' ? printable(piece) : piece)
    await output.taken()
  }
  output.write('\n')
}

function* outcomeTexts(
  outcome: Outcome,
  {
    host,
    style,
    options,
  }: {
    readonly host: Host
    readonly style: Style
    readonly options: { readonly kind?: Outcome['kind']; readonly quiet?: boolean }
  },
): Generator<string, void, void> {
  if (options.quiet === true) return
  const made = outcome.text(style)
  for (const piece of typeof made === 'string' ? [made] : made) {
    const text = style.finished(piece)
    yield options.kind === 'document' ? text : folded(text, host.stdout)
  }
}

/** For people at a terminal; what reads a pipe or a log wants whole lines. */
function folded(text: string, output: Output): string {
  return output.isTerminal ? fold(text, output.columns()) : text
}

/**
 * Prints why a command failed: with `--json` as the one object on standard output, else on standard error.
 * Gives the exit code: that of the error's kind, or 128 + signal when the person stopped the command.
 */
export function reportError(
  error: unknown,
  host: Host,
  options: ReportOptions & { readonly verbose: boolean },
): number {
  const described = describeError(error, host.signal)
  const style = styleFor(host.stderr, host, options)
  if (options.json) host.stdout.write(`${printableJson(errorJson(described))}\n`)
  else host.stderr.write(folded(style.finished(errorText(described, style)), host.stderr))
  if (options.verbose || described.code === 'internal') host.stderr.write(printable(redactText(trace(error))))
  return described.exitCode
}

function trace(error: unknown): string {
  const lines: string[] = []
  let current = error
  for (let depth = 0; depth < 5 && current !== undefined; depth++) {
    lines.push(current instanceof Error ? (current.stack ?? current.message) : String(current))
    current = current instanceof Error ? current.cause : undefined
  }
  return `${lines.join('\ncaused by: ')}\n`
}
