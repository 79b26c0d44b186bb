import type { FileContent } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, packageFact } from '../fact.ts'
import { type ManifestKind, matching } from '../language.ts'

/** Applications that come with Erlang/OTP and with Elixir: no packages of Hex. */
const own: ReadonlySet<string> = new Set([
  ...[
    'asn1',
    'common_test',
    'compiler',
    'crypto',
    'debugger',
    'dialyzer',
    'diameter',
    'edoc',
    'eldap',
    'erl_docgen',
  ],
  ...[
    'erl_interface',
    'erts',
    'et',
    'eunit',
    'ftp',
    'hipe',
    'ic',
    'inets',
    'jinterface',
    'kernel',
    'megaco',
    'mnesia',
  ],
  ...[
    'observer',
    'odbc',
    'os_mon',
    'otp_mibs',
    'parsetools',
    'percept',
    'public_key',
    'reltool',
    'runtime_tools',
    'sasl',
  ],
  ...['snmp', 'ssh', 'ssl', 'stdlib', 'syntax_tools', 'tftp', 'tools', 'typer', 'wx', 'xmerl'],
  ...['eex', 'elixir', 'ex_unit', 'iex', 'logger', 'mix'],
])

/** Compiled applications, as releases and installations have them: `lib/NAME-VERSION/ebin/NAME.app`. */
const path = /(?:^|\/)ebin\/[a-z][\w@]{0,200}\.app$/

/** Applications that were, or may have been, fetched from Hex. */
export const packagedApplications: ManifestKind = matching(path, (file) =>
  read(file, (name) => !own.has(name)),
)

/** Applications that are part of Erlang/OTP and Elixir. */
export const ownApplications: ManifestKind = matching(path, (file) => read(file, (name) => own.has(name)))

/**
 * One term of Erlang's, `{application, NAME, [{vsn, "1.2.3"}, {applications, [kernel, stdlib]}…]}` (application(4)). What a build
 * leaves of an unreleased one says "0.0.0" or a commit, as it stands.
 */
function read(file: FileContent, isWanted: (name: string) => boolean): LanguageFact | undefined {
  const text = decodeText(file.bytes)
  const name =
    /^(?:\s|%[^\n]{0,1000}\n){0,200}\{\s{0,20}application\s{0,20},\s{0,20}'?([a-z][\w@]{0,200})'?\s{0,20},/.exec(
      text,
    )?.[1]
  const version = /\{\s{0,20}vsn\s{0,20},\s{0,20}"([^"\s]{1,200})"\s{0,20}\}/.exec(text)?.[1]
  if (name === undefined || !isWanted(name)) return undefined
  const needs = /\{\s{0,20}applications\s{0,20},\s{0,20}\[([^\]]{0,20000})\]/.exec(text)?.[1] ?? ''
  return {
    kind: 'installed',
    packages: distinct([packageFact(name, version, { needs: needs.match(/[a-z][\w@]*/g) ?? [] })]),
  }
}
