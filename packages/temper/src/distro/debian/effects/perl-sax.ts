import { readOptions } from '../../shared/effects/command-line.ts'
import type { CommandCall, Effect, EffectContext } from '../../shared/effects/effect.ts'
import type { CommandResult } from '../../shared/scripts/world.ts'

const done: CommandResult = { status: 0, output: '' }
const folder = 'var/lib/libxml-sax-perl/ParserDetails.d'
const list = 'etc/perl/XML/SAX/ParserDetails.ini'

const sax = 'http://xml.org/sax/features/'
const perl = 'http://xmlns.perl.org/sax/'
const namespaces = `${sax}namespaces`
const expat = [`${sax}external-general-entities`, `${sax}external-parameter-entities`, namespaces]

/** What each parser says of itself when it is asked, as the program does by loading it. */
const features: ReadonlyMap<string, readonly string[]> = new Map([
  ['XML::SAX::PurePerl', [namespaces]],
  ['XML::LibXML::SAX', [namespaces]],
  ['XML::LibXML::SAX::Parser', [namespaces]],
  ['XML::SAX::Expat', expat],
  [
    'XML::SAX::ExpatXS',
    [
      ...[...expat, `${sax}xmlns-uris`],
      ...['join-character-data', 'locator', 'ns-attributes', 'recstring', 'version-2.1', 'xmlns-uris'].map(
        (name) => `${perl}${name}`,
      ),
    ],
  ],
])

/** The parsers of XML that Perl's programs choose from. */
export const perlSaxParsers: Effect = {
  id: 'perl-sax-parsers',
  title: 'Parsers of XML for Perl',
  why: 'XML::SAX takes the last parser of /etc/perl/XML/SAX/ParserDetails.ini, and its own slow one when there is none.',
  source: 'update-perl-sax-parsers(8)',
  start(context) {
    return { commands: { 'update-perl-sax-parsers': (call) => update(call, context) } }
  },
}

/** `--add MODULE [--priority N]` puts a piece into the folder, `--update` makes the list of all pieces. */
function update(
  { arguments: words, certain }: CommandCall,
  context: EffectContext,
): CommandResult | undefined {
  const { values, flags, operands } = readOptions(words, { valued: ['--add', '--priority', '--remove'] })
  if (!certain || operands.length > 0) return undefined
  const { stage } = context
  const module = values.get('--add')
  if (values.has('--add')) {
    const [priority = '50', own] = [values.get('--priority'), features.get(module ?? '')]
    if (module === undefined || own === undefined || !/^\d{1,3}$/.test(priority)) return undefined
    const text = `[${module}]\n${own.map((name) => `${name} = 1\n`).join('')}\n\n`
    put(context, `${folder}/${priority === '0' ? '' : `${priority}-`}${module}`, text)
    context.note('perl-sax-parsers', module)
    return done
  }
  if (values.has('--remove') || !flags.has('--update')) return undefined
  const texts = stage.list(folder).map((name) => stage.text(`${folder}/${name}`))
  if (texts.includes(undefined)) return undefined
  put(context, list, texts.join(''))
  return done
}

function put({ stage }: EffectContext, path: string, text: string): void {
  stage.put({ path, type: 'file', mode: 0o644, content: new TextEncoder().encode(text) })
}
