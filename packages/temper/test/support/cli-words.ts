import ts from 'typescript'
import { readRepositoryFile } from './source-files.ts'

/** The words of a command line that a library or a server must not say. */
export interface CliWords {
  /** Names of options without dashes: "platform", "o". */
  readonly options: readonly string[]
  readonly commands: readonly string[]
  /** Of the environment. */
  readonly variables: readonly string[]
}

/**
 * A pattern for words of Temper's command line in a text that people read: options, commands, variables of the
 * environment. All of them, with the flag `g`.
 */
export function cliWordPattern({ options, commands, variables }: CliWords): RegExp {
  const long = options.filter((name) => name.length > 1).join('|')
  const short = options.filter((name) => name.length === 1).join('|')
  const named = [`--(?:no-)?(?:${long})`, `-(?:${short})`, `temper (?:${commands.join('|')})`, ...variables]
  return new RegExp(`(?<![\\w-])(?:${named.join('|')})(?![\\w-])`, 'g')
}

/** The words in a text. One that is an option and nothing else is an argument of another program. */
export function cliWordsIn(text: string, pattern: RegExp): readonly string[] {
  return /^--?[\w-]+(?:=\S*)?$/.test(text) ? [] : (text.match(pattern) ?? [])
}

/**
 * Where the texts of a TypeScript file say such words: its strings, the fixed parts of its template literals, and the
 * comments that document what it exports, which people read who use the library.
 */
export function cliWordsOf(path: string, pattern: RegExp): readonly string[] {
  const code = readRepositoryFile(path)
  // Most files are done here, without being parsed.
  if (code.match(pattern) === null) return []
  const source = ts.createSourceFile(path, code, ts.ScriptTarget.ESNext)
  const places: string[] = []
  const visit = (node: ts.Node) => {
    const text = textOf(node)
    if (text !== undefined) {
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
      places.push(...cliWordsIn(text, pattern).map((word) => `${path}:${line}: ${word}`))
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  // Distributions model the options of other programs, and -o is of others, too.
  const documents = path.includes('/distro/') ? [] : code.matchAll(/\/\*\*[\s\S]*?\*\//g)
  for (const { 0: text, index } of documents) {
    const line = source.getLineAndCharacterOfPosition(index).line + 1
    const words = (text.match(pattern) ?? []).filter((word) => !/^-\w$/.test(word))
    places.push(...words.map((word) => `${path}:${line}: ${word}`))
  }
  return places
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text
  if (!ts.isTemplateExpression(node)) return undefined
  return [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join('…')
}
