import type { FileContent } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { type LanguageFact, packageFact } from '../fact.ts'

/**
 * `specifications/NAME-VERSION[-PLATFORM].gemspec`, which RubyGems writes for each installed gem: Ruby code of a
 * fixed form, "s.name = "rack".freeze". It is read line by line, never run.
 */
export function readGemspec(file: FileContent): LanguageFact | undefined {
  const lines = decodeText(file.bytes).split('\n').slice(0, 5000)
  const values = new Map<string, string>()
  const needs: string[] = []
  for (const line of lines) {
    if (line.length > 20_000) continue
    const [, key, value] = /^\s*\w+\.(\w+)\s*=\s*(.+)$/.exec(line) ?? []
    if (key !== undefined && value !== undefined && !values.has(key)) values.set(key, value)
    const need = /\.add_(?:runtime_)?dependency\(?\s*(?:%q[<{]([^>}]+)[>}]|["']([^"']+)["'])/.exec(line)
    const name = need?.[1] ?? need?.[2]
    if (name !== undefined) needs.push(name)
  }
  const platform = literals(values.get('platform'))[0]
  const fact = packageFact(literals(values.get('name'))[0], literals(values.get('version'))[0], {
    licence: literals(values.get('licenses') ?? values.get('license')).join(' OR '),
    supplier: literals(values.get('authors') ?? values.get('author'))[0],
    needs,
    ...(platform === undefined || platform === 'ruby' ? {} : { qualifiers: { platform } }),
  })
  return fact && { kind: 'installed', packages: [fact] }
}

/** Longer texts are no names, versions or licences. */
const literalLimit = 300

/** The texts of an expression such as `["MIT".freeze, 'Ruby']`, `Gem::Version.new("1.0")`, or `%q{rack}` as RubyGems 1 writes them. */
function literals(expression: string | undefined): string[] {
  // Also a text without an end is skipped whole, so that none is tried from each quote in it.
  const all = (expression ?? '').matchAll(
    /"((?:[^"\\]|\\.)*)(?<end>"|\\?$)|'([^']*)(?<close>'|$)|%q\{([^}]*)(?<brace>\}|$)|%q<([^>]*)(?<angle>>|$)/gs,
  )
  return [...all].flatMap(({ 1: double, 3: single, 5: braced, 7: angled, groups }) => {
    const text = double ?? single ?? braced ?? angled ?? ''
    const isWhole = ['end', 'close', 'brace', 'angle'].some((name) => /^["'}>]$/.test(groups?.[name] ?? ''))
    return isWhole && text.length <= literalLimit ? [text] : []
  })
}
