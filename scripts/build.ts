/**
 * Builds packages/temper/dist, the publishable package: the program, declarations beside it, and what ships besides. Run by
 * `npm run build`.
 */
import { copyFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { buildServer } from './build-server.ts'
import { buildProgram, sourceFiles } from './bundle.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const home = join(root, 'packages/temper')
const source = join(home, 'src')
const dist = join(home, 'dist')

await rm(dist, { recursive: true, force: true })
// What libraries without types of their own are declared as.
declare([join(source, 'index.ts'), ...(await sourceFiles('**/*.d.ts'))])
const { modules, assets } = await buildProgram(dist)
for (const file of ['LICENSE', 'README.md']) await copyFile(join(root, file), join(home, file))
console.log(`built ${relative(root, dist)}: ${modules} modules, ${assets} assets`)
await buildServer(root)
console.log('built packages/server/dist')

/** Writes declarations of what the entry points reach; ends the build when the sources have errors. */
function declare(rootNames: readonly string[]): void {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const parsed = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root)
  const program = ts.createProgram({
    rootNames,
    options: {
      ...parsed.options,
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: source,
      outDir: dist,
      newLine: ts.NewLineKind.LineFeed,
    },
  })
  const emitted = program.emit()
  const problems = [...ts.getPreEmitDiagnostics(program), ...emitted.diagnostics]
  if (problems.length === 0) return
  const host = {
    getCanonicalFileName: (name: string) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => '\n',
  }
  console.error(ts.formatDiagnosticsWithColorAndContext(problems, host))
  process.exit(1)
}
