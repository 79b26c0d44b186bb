import { resolve } from 'node:path'
import ts from 'typescript'

/** A place in a text as reports of mutations have it: lines and columns from 1, the end not included. */
export interface Place {
  readonly start: { readonly line: number; readonly column: number }
  readonly end: { readonly line: number; readonly column: number }
}

/** A change of a source, whose path is relative to the root. */
export interface Change extends Place {
  readonly file: string
  readonly replacement: string
}

/** Says of changes, one at a time, whether the compiler refuses the file that they are in. */
export interface Compiler {
  refuses(change: Change): boolean
}

/** A compiler for the sources below a folder with a `tsconfig.json`. It reads them once. */
export function openCompiler(root: string): Compiler {
  const { config } = ts.readConfigFile(resolve(root, 'tsconfig.json'), ts.sys.readFile)
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const changed = new Map<string, string>()
  const versions = new Map<string, number>()
  const read = (name: string) => changed.get(name) ?? ts.sys.readFile(name)
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => fileNames,
    getScriptVersion: (name) => String(versions.get(name) ?? 0),
    getScriptSnapshot: (name) => {
      const text = read(name)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: read,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  })
  const update = (name: string, text: string | undefined) => {
    if (text === undefined) changed.delete(name)
    else changed.set(name, text)
    versions.set(name, (versions.get(name) ?? 0) + 1)
  }
  const accepts = (name: string) =>
    [...service.getSyntacticDiagnostics(name), ...service.getSemanticDiagnostics(name)].every(
      ({ category }) => category !== ts.DiagnosticCategory.Error,
    )
  const sound = new Set<string>()
  return {
    refuses: (change) => {
      const name = resolve(root, change.file)
      if (!sound.has(name) && !accepts(name)) throw new Error(`${change.file} does not compile as it is`)
      sound.add(name)
      update(name, changedText(ts.sys.readFile(name) ?? '', change))
      const accepted = accepts(name)
      update(name, undefined)
      return !accepted
    },
  }
}

function changedText(text: string, { replacement, ...place }: Change): string {
  const [start, end] = offsets(text, place)
  return text.slice(0, start) + replacement + text.slice(end)
}

export function textAt(text: string, place: Place): string {
  return text.slice(...offsets(text, place))
}

function offsets(text: string, { start, end }: Place): [number, number] {
  const lines = text.split('\n')
  const offset = ({ line, column }: Place['start']) =>
    lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1
  return [offset(start), offset(end)]
}
