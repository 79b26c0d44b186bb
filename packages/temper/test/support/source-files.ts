import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export const repositoryRoot = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '')

/** Files of the repository as git sees them: tracked, and new ones that are not ignored. Relative paths, sorted. */
export function repositoryFiles(): readonly string[] {
  const output = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repositoryRoot,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  const names = new Set(output.split('\0').filter((name) => name !== ''))
  return [...names].filter((name) => existsSync(join(repositoryRoot, name))).sort()
}

export const readRepositoryFile = oncePerPath((path) => readFileSync(join(repositoryRoot, path), 'utf8'))

export interface Import {
  readonly specifier: string
  /** Path in the repository, for relative specifiers. */
  readonly target: string | undefined
}

/** All imports of a TypeScript file, also of types, re-exports and dynamic ones. */
export const importsOf = oncePerPath((path): readonly Import[] => {
  const { importedFiles } = ts.preProcessFile(readRepositoryFile(path), true, true)
  return importedFiles.map(({ fileName }) => ({
    specifier: fileName,
    target: fileName.startsWith('.')
      ? relative(repositoryRoot, join(repositoryRoot, dirname(path), fileName))
      : undefined,
  }))
})

/** A TypeScript file as a tree, without links from nodes to their parents. */
export const syntaxTree = oncePerPath((path) =>
  ts.createSourceFile(path, readRepositoryFile(path), ts.ScriptTarget.ESNext),
)

/** Lines of a TypeScript file with comments and the contents of strings left out: what runs, not what is said. */
export const codeLines = oncePerPath((path): readonly string[] => {
  const tree = syntaxTree(path)
  const characters = tree.text.split('')
  const blank = (start: number, end: number) => {
    for (let i = start; i < end; i++) if (characters[i] !== '\n') characters[i] = ' '
  }
  const visit = (node: ts.Node) => {
    const isText =
      ts.isStringLiteral(node) || ts.isRegularExpressionLiteral(node) || ts.isTemplateLiteralToken(node)
    if (isText) blank(node.getStart(tree), node.getEnd())
    ts.forEachChild(node, visit)
  }
  visit(tree)
  const code = characters.join('')
  return code
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .split('\n')
    .map((line) => line.replace(/\/\/.*$/, ''))
})

/** The files that the given ones lead to through imports, themselves included. */
export function reachable(entries: readonly string[]): readonly string[] {
  const reached = new Set<string>()
  const visit = (path: string) => {
    if (reached.has(path)) return
    reached.add(path)
    if (existsSync(join(repositoryRoot, path)))
      for (const { target } of importsOf(path)) if (target) visit(target)
  }
  entries.forEach(visit)
  return [...reached].sort()
}

/** Tests ask the same of hundreds of files again and again, which do not change while they run. */
function oncePerPath<T>(read: (path: string) => T): (path: string) => T {
  const known = new Map<string, T>()
  return (path) => {
    const value = known.get(path) ?? read(path)
    known.set(path, value)
    return value
  }
}
