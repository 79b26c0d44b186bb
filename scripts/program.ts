/**
 * Writes what users have installed to a folder, the service beside it, without types and without packing: `program.ts FOLDER`.
 * Tests start commands by the hundred, and from the sources each needs three times as long (packages/temper/test/support).
 */
import { cp, readdir, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleServer } from './build-server.ts'
import { buildProgram } from './bundle.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const [named] = process.argv.slice(2)
if (named === undefined) throw new Error('name the folder to write to')
const folder = resolve(named)
const scope = join(folder, 'node_modules/@temper-images')
const server = join(scope, 'server')

await buildProgram(join(folder, 'dist'))
for (const name of ['package.json', 'keys', 'schema'])
  await cp(join(root, 'packages/temper', name), join(folder, name), { recursive: true })

// As an installation has them: each beside the packages that it imports, and the service beside the library.
await bundleServer(root, join(server, 'dist'))
await cp(join(root, 'packages/server/package.json'), join(server, 'package.json'))
await symlink(folder, join(scope, 'temper'))
for (const name of await readdir(join(root, 'node_modules')))
  if (!name.startsWith('.') && name !== '@temper-images')
    await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name))
