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

export function readRepositoryFile(path: string): string {
  return readFileSync(join(repositoryRoot, path), 'utf8')
}

export interface Import {
  readonly specifier: string
  /** Path in the repository, for relative specifiers. */
  readonly target: string | undefined
}

/** All imports of a TypeScript file, also of types, re-exports and dynamic ones. */
export function importsOf(path: string): readonly Import[] {
  const { importedFiles } = ts.preProcessFile(readRepositoryFile(path), true, true)
  return importedFiles.map(({ fileName }) => ({
    specifier: fileName,
    target: fileName.startsWith('.')
      ? relative(repositoryRoot, join(repositoryRoot, dirname(path), fileName))
      : undefined,
  }))
}
