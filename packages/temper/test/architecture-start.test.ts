import ts from 'typescript'
import { expect, it } from 'vitest'
import { importsOf, repositoryFiles, syntaxTree } from './support/source-files.ts'

/* What every run loads before it knows what to do, and what help loads of all commands. */

const home = 'packages/temper/src/'

/** Modules that are loaded together with a file: not those that it imports types of, or when they are needed. */
function loadedWith(path: string): readonly string[] {
  const specifiers = new Set<string>()
  for (const statement of syntaxTree(path).statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue
    const { moduleSpecifier } = statement
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier) || isOfTypes(statement))
      continue
    specifiers.add(moduleSpecifier.text)
  }
  return importsOf(path).flatMap(({ specifier, target }) =>
    specifiers.has(specifier) ? [target ?? specifier] : [],
  )
}

function isOfTypes(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly
  const { importClause } = statement
  if (importClause === undefined) return false
  const { namedBindings, name } = importClause
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  return (
    name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every(({ isTypeOnly }) => isTypeOnly)
  )
}

function closure(entries: readonly string[]): ReadonlyMap<string, string> {
  const from = new Map<string, string>(entries.map((entry) => [entry, '']))
  for (const path of from.keys())
    if (path.startsWith(home)) for (const next of loadedWith(path)) if (!from.has(next)) from.set(next, path)
  return from
}

/** Written into one file with what they work with (scripts/chunk-groups.ts): that they have it at hand costs nothing. */
const grouped = /\/(?:attest|scan|sign|verify)\.ts$/

const commands = repositoryFiles().filter(
  (path) => path.startsWith(`${home}cli/commands/`) && !path.endsWith('.test.ts') && !grouped.test(path),
)

it('commands load what they work with when they run, not when help lists them', () => {
  const loaded = closure([`${home}cli/program/command-table.ts`, ...commands])
  const heavy = [...loaded].filter(([path]) => !light.test(path))
  expect(heavy.map(([path, from]) => `${path} by ${from}`)).toEqual([])
})

/** Words, and what reads them: no format of archives, no store, no YAML, no cryptography. */
const light =
  /^packages\/temper\/src\/(?:cli|base|model)\/|^packages\/temper\/src\/(?:oci\/(?:name|reference)|flows\/(?:evidence\/evidence-type|image\/evidence-policy|lockdown\/target|feeds\/configuration)|report\/(?:date|summary|json\/[a-z]+|assessment\/[a-z]+)|sbom\/read\/limits|rules\/kubernetes\/level|compliance\/framework-ids)\.ts$|^(?:commander|picocolors|node:[a-z/]+)$/
