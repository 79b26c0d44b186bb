/**
 * Builds packages/temper/dist, the publishable package: ES modules with declarations, one file for each source
 * file (decision 0001), and what ships beside them. Run by `npm run build`.
 */
import { chmod, copyFile, cp, glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('..', import.meta.url))
const home = join(root, 'packages/temper')
const source = join(home, 'src')
const dist = join(home, 'dist')

await rm(dist, { recursive: true, force: true })
const files = await shippedFiles()
compile(files.filter((file) => file.endsWith('.ts')))
for (const file of files) if (!file.endsWith('.ts')) await copyAsset(file)
for await (const file of glob(join(dist, '**/*.js'))) await pointWorkersAtJavaScript(file)
for (const folder of ['catalog', 'keys']) {
  await cp(join(root, folder), join(dist, folder), {
    recursive: true,
    filter: (path) => !/\.lock\.json$/.test(path),
  })
}
for (const file of ['LICENSE', 'README.md']) await copyFile(join(root, file), join(home, file))
await chmod(join(dist, 'cli/main.js'), 0o755)
console.log(`built ${relative(root, dist)} from ${files.length} files`)

/** Sources and their assets; tests and fixtures stay out. */
async function shippedFiles(): Promise<readonly string[]> {
  const found: string[] = []
  for await (const entry of glob('**/*', { cwd: source, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && !/\.test\.ts$|\/fixtures\/|\/test-support\//.test(path)) found.push(path)
  }
  return found.sort()
}

function compile(rootNames: readonly string[]): void {
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
  if (problems.length === 0) return
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

/** The compiler rewrites the endings of imports, not those of `new URL('./worker.ts', import.meta.url)`. */
async function pointWorkersAtJavaScript(file: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  const changed = text.replace(
    /new URL\((['"])(\.[^'"]+)\.ts\1, import\.meta\.url\)/g,
    'new URL($1$2.js$1, import.meta.url)',
  )
  if (changed !== text) await writeFile(file, changed)
}
