/**
 * Builds packages/temper/dist, the publishable package: ES modules with declarations, one file for each source
 * file (decision 0001), and what ships beside them. Run by `npm run build`.
 */
import { chmod, copyFile, cp, glob, mkdir, rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('..', import.meta.url))
const home = join(root, 'packages/temper')
const source = join(home, 'src')
const dist = join(home, 'dist')

await rm(dist, { recursive: true, force: true })
const compiled = compile([
  join(source, 'index.ts'),
  join(source, 'cli/main.ts'),
  ...(await matching('**/*-worker.ts')),
])
const assets = (await matching('**/*')).filter((path) => !/\.ts$|\/(fixtures|__snapshots__)\//.test(path))
for (const file of assets) await copyAsset(file)
await cp(join(root, 'catalog'), join(dist, 'catalog'), { recursive: true })
for (const file of ['LICENSE', 'README.md']) await copyFile(join(root, file), join(home, file))
await chmod(join(dist, 'cli/main.js'), 0o755)
console.log(`built ${relative(root, dist)}: ${compiled} modules, ${assets.length} assets`)

/** Files below src/. Worker threads are started by address, so no import leads to them: their names end in -worker. */
async function matching(pattern: string): Promise<readonly string[]> {
  const found: string[] = []
  for await (const entry of glob(pattern, { cwd: source, withFileTypes: true })) {
    if (entry.isFile()) found.push(join(entry.parentPath, entry.name))
  }
  return found.sort()
}

/** Compiles what the entry points reach, and returns how many files that were. */
function compile(rootNames: readonly string[]): number {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const parsed = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root)
  const program = ts.createProgram({
    rootNames,
    options: {
      ...parsed.options,
      noEmit: false,
      declaration: true,
      rootDir: source,
      outDir: dist,
      newLine: ts.NewLineKind.LineFeed,
    },
  })
  const emitted = program.emit()
  const problems = [...ts.getPreEmitDiagnostics(program), ...emitted.diagnostics]
  if (problems.length === 0)
    return program.getSourceFiles().filter((file) => file.fileName.startsWith(source)).length
  const host = {
    getCanonicalFileName: (name: string) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => '\n',
  }
  console.error(ts.formatDiagnosticsWithColorAndContext(problems, host))
  process.exit(1)
}

async function copyAsset(file: string): Promise<void> {
  const target = join(dist, relative(source, file))
  await mkdir(dirname(target), { recursive: true })
  await copyFile(file, target)
}
