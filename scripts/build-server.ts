/**
 * Builds packages/server/dist: the service as few modules, and its declarations. Where the sources look into the library's,
 * what is built names its package. Run by `npm run build`.
 */
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import ts from 'typescript'
import { prepareDatabase } from '../packages/server/src/database/embedded/prepare.ts'

const library = '@temper-images/temper'

export async function buildServer(root: string): Promise<void> {
  const home = join(root, 'packages/server')
  const dist = join(home, 'dist')
  await rm(dist, { recursive: true, force: true })
  await bundleServer(root, dist)
  declare(root, home)
  await copyFile(join(root, 'LICENSE'), join(home, 'LICENSE'))
}

/** Writes the modules, and the database that a first start begins with, to a folder that has none yet. */
export async function bundleServer(root: string, dist: string): Promise<void> {
  const home = join(root, 'packages/server')
  const door = join(home, 'src/temper.ts')
  const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(
    await readFile(join(home, 'package.json'), 'utf8'),
  )
  const names = Object.keys(dependencies)
  const bundled = await rolldown({
    input: {
      index: join(home, 'src/index.ts'),
      // A thread is started by address, so no import leads to it.
      'pglite-worker': join(home, 'src/database/embedded/pglite-worker.ts'),
    },
    platform: 'node',
    external: (id) => names.some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [
      {
        name: 'library-by-name',
        resolveId: (_, importer) => (importer === door ? { id: library, external: true } : null),
      },
    ],
    onLog: (level, log) => {
      if (level === 'warn') throw new Error(log.message)
    },
  })
  await bundled.write({ dir: dist, format: 'esm' })
  await bundled.close()
  await writeFile(join(dist, 'database.zst'), await prepareDatabase())
}

/** Declarations of what the package exports, none of which speak of the library's. */
function declare(root: string, home: string): void {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root)
  const program = ts.createProgram({
    rootNames: [join(home, 'src/index.ts')],
    options: {
      ...options,
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      outDir: join(root, 'out/server'),
    },
  })
  const wanted = ['index', 'server', 'settings'].map((name) => join(home, `src/${name}.ts`))
  for (const path of wanted)
    program.emit(program.getSourceFile(path), (name, text) =>
      ts.sys.writeFile(join(home, 'dist', name.slice(name.lastIndexOf('/') + 1)), text),
    )
}
