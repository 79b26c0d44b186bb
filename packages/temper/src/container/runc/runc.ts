import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileError } from '../../base/file.ts'
import { resolveUser } from '../../formats/image-user.ts'
import type { ContainerRuntime, ContainerSpec } from '../../model/container.ts'
import type { Image } from '../../model/image.ts'
import { ConfinedFolder } from '../confined-folder.ts'
import { createRuntime } from '../runtime.ts'
import { accountFile } from './account-file.ts'
import { type Binding, type BundleRoot, bundleConfig, hostsFile } from './bundle.ts'
import { RuncContainer } from './container.ts'
import { unpackImage } from './unpack.ts'

export interface RuncOptions {
  /** Absolute path of runc. */
  readonly program: string
  /** Folder for bundles; what is made in it is removed by `close`. */
  readonly temporaryDir: string
  /** Absolute path of a Node that asks ports from inside a container's network. */
  readonly node: string
  /** Ends what is under way. */
  readonly signal: AbortSignal
  /** Folders outside that each container may write to. Default: none. */
  readonly bindings?: readonly Binding[]
  /** What containers are told that the machine is called. Default: "temper-test". */
  readonly hostName?: string
}

/** Runs an image with runc on bundles of its own: needs root, no daemon. Errors as `unpackImage`. */
export async function createRuncRuntime(image: Image, options: RuncOptions): Promise<ContainerRuntime> {
  const { bindings = [], hostName = 'temper-test' } = options
  const home = await privateFolder(options.temporaryDir)
  const dispose = () => rm(home, { recursive: true, force: true })
  const root = new ConfinedFolder(join(home, 'rootfs'))
  try {
    await unpackImage(image, root.home, { signal: options.signal })
  } catch (error) {
    await dispose()
    throw error
  }
  return createRuntime({
    name: 'runc',
    launch: async (spec, limits) => {
      const id = `temper-${randomBytes(6).toString('hex')}`
      const folder = join(home, id)
      await mkdir(folder)
      const hosts = join(folder, 'hosts')
      await writeFile(hosts, hostsFile(hostName))
      // Whoever runs in it has to read it, whatever the umask here.
      await chmod(hosts, 0o644)
      const bundle = { ...(await bundleRoot(root, spec)), hosts, bindings, hostName }
      await writeFile(join(folder, 'config.json'), JSON.stringify(bundleConfig(spec, bundle)))
      const state = join(home, 'state')
      return new RuncContainer({ ...options, ...limits, id, folder, state, spec, user: bundle.user })
    },
    dispose,
  })
}

/** Closed to others: images may hold programs that run as root for whoever can reach them. */
async function privateFolder(parent: string): Promise<string> {
  try {
    return await realpath(await mkdtemp(join(parent, 'temper-runc-')))
  } catch (error) {
    throw fileError('make a folder in', parent, error)
  }
}

async function bundleRoot(
  root: ConfinedFolder,
  spec: ContainerSpec,
): Promise<Omit<BundleRoot, 'hosts' | 'bindings' | 'hostName'>> {
  const passwd = await accountFile(root, 'passwd')
  const group = await accountFile(root, 'group')
  return {
    path: root.home,
    user: resolveUser(spec.user, { passwd, group }),
    folder: (path) => {
      const place = root.existing(path)
      const stats = place === undefined ? undefined : root.stat(place)
      return stats && { mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid }
    },
  }
}
