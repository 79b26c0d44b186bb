import { type Command, InvalidArgumentError } from 'commander'
import { TemperError } from '../../base/error.ts'
import { ownMember } from '../../base/own-member.ts'
import type { Severity } from '../../model/advisory/advisory.ts'
import { gather, listOption } from '../options/option.ts'
import { addAlias, alias } from './alias.ts'

/** What Trivy and Grype call options of `temper scan`, each with the meaning that it has there. */
export function addScanAliases(command: Command): void {
  addAlias(command, '--ignore-unfixed', { into: 'only-fixed', parse: () => true })
  for (const name of ['skip-dirs', 'skip-files'])
    addAlias(command, `--${name} <glob>`, {
      into: 'exclude',
      parse: (value, earlier) => gather(value, earlier as readonly string[] | undefined),
    })
  command.addOption(alias('--scanners <list>', 'what to look for: vuln, secret').argParser(gather))
}

/** For commander: a code that a process can end with. */
export function parseExitCode(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= 255) return Number(text)
  throw new InvalidArgumentError('Expected a number from 0 to 255.')
}

/** Which secrets are searched by Trivy's `--scanners`; undefined without it. Throws `bad-usage` for what Temper does otherwise. */
export function scannersOption(options: Readonly<Record<string, unknown>>): 'read' | 'none' | undefined {
  const named = listOption(options, 'scanners').map((name) => name.trim().toLowerCase())
  if (named.length === 0) return undefined
  for (const name of named) {
    if (name === 'vuln' || name === 'secret') continue
    throw new TemperError('bad-usage', `--scanners ${name}: a scan looks for vulnerabilities and secrets`, {
      hint: ownMember(otherScanners, name) ?? 'Write --scanners vuln, or --scanners vuln,secret.',
    })
  }
  if (!named.includes('vuln'))
    throw new TemperError('bad-usage', '--scanners secret: a scan always looks for vulnerabilities', {
      hint: 'To fail on secrets alone: --fail-on secret',
    })
  return named.includes('secret') ? 'read' : 'none'
}

const otherRules =
  'To check the configuration of an image: temper assess TARGET. Manifests and Compose files: temper admit FILE. Here: --scanners vuln,secret'

const otherScanners: Readonly<Record<string, string>> = {
  license: 'Check licences with: temper sbom TARGET --deny LICENCE',
  misconfig: otherRules,
  config: otherRules,
  rbac: 'To judge manifests: temper admit FILE',
}

/**
 * The rules of the gate that `--exit-code` stands for where no others are given, as in Trivy: whatever is shown, secrets
 * too. Undefined when nothing is to fail.
 */
export function rulesOfExitCode(
  exitCode: number | undefined,
  { severity, secrets }: { readonly severity: Severity | undefined; readonly secrets: boolean },
): string | undefined {
  if (exitCode === undefined || exitCode === 0) return undefined
  const every = severity === undefined || severity === 'unknown'
  const secret = every ? 'secret' : `secret+${severity}`
  return [every ? 'any' : severity, ...(secrets ? [secret] : [])].join(',')
}
