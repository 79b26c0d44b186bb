import { access, lchown, lstat, readdir } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { relayWords } from './relay.ts'
import type { HostView } from './view.ts'
import { containerWords, type SandboxTools, type SandboxUser, type Seen, sandboxWords } from './words.ts'

/** Who builds as nobody in particular where the service is root: the user that images run as. */
const nobody = { uid: 65_532, gid: 65_532 }

/** Where the socket of the gateway is in a sandbox. */
const gatewayInside = '/run/temper/gateway'

/** What one command of a build may use. */
export interface SandboxRequest {
  /** The words that run Temper, and those of the command. */
  readonly words: readonly string[]
  /** Folder that it works in. */
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  readonly readable: readonly Seen[]
  readonly writable: readonly string[]
  /** The socket by which the command reaches hosts, through a gateway; absent: it reaches none. */
  readonly gateway?: string
  /** The one of these folders that the next build of the recipe uses too. */
  readonly shared?: string
  /** `containers`: it starts containers, which needs privileges where the service is root. */
  readonly rights: 'none' | 'containers'
}

/** Makes short-lived processes that see nothing of the user who starts them. */
export class Sandbox {
  readonly #tools: SandboxTools
  readonly #view: HostView
  /** Folders of which only the requested parts are seen. */
  readonly hidden: readonly string[]
  readonly #user: SandboxUser

  constructor(
    tools: SandboxTools,
    { view, hidden }: { readonly view: HostView; readonly hidden: readonly string[] },
  ) {
    this.#tools = tools
    this.#view = view
    this.hidden = hidden
    const [uid = 0, gid = 0] = [process.getuid?.(), process.getgid?.()]
    this.#user = uid === 0 ? { ...nobody, fromRoot: true } : { uid, gid, fromRoot: false }
  }

  /** Whether the sandbox runs as a different user than the service, so that files have to be handed over. */
  get isSomebodyElse(): boolean {
    return this.#user.fromRoot
  }

  /** Whether it can start containers: container engines of users need to see more than the sandbox shows. */
  get startsContainers(): boolean {
    return this.#user.fromRoot
  }

  /** The words that run a command inside. Folders that it writes to are handed over. */
  async wrap(request: SandboxRequest): Promise<readonly string[]> {
    const { folder, environment, readable, writable, rights, shared, gateway } = request
    const way = gateway === undefined ? [] : [{ from: gateway, to: gatewayInside }]
    const view = {
      folder,
      environment,
      writable,
      links: this.#view.links,
      hidden: this.hidden,
      readable: [...this.#view.readable, ...readable, ...way],
    }
    const { words } = request
    const inside = gateway === undefined ? words : relayWords(gatewayInside, words)
    if (rights === 'containers') return [...containerWords(this.#tools, view), ...inside]
    for (const each of writable) await (each === shared ? this.#giveOnce(each) : this.give(each))
    return [...sandboxWords(this.#tools, this.#user, view), ...inside]
  }

  /** Hands a folder over to the user who builds. */
  async give(folder: string): Promise<void> {
    if (!this.#user.fromRoot) return
    const { uid, gid } = this.#user
    await lchown(folder, uid, gid)
    const entries = await readdir(folder, { withFileTypes: true }).catch(ifGone)
    for (const entry of entries ?? []) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) await this.give(path)
      else await lchown(path, uid, gid).catch(ifGone)
    }
  }

  /** Hands over a folder that several builds use, once: whoever adds to it later hands over the addition. */
  async #giveOnce(folder: string): Promise<void> {
    if ((await lstat(folder)).uid !== this.#user.uid) await this.give(folder)
  }
}

/** Others may be tidying up there. */
function ifGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

/** Finds the programs, or names the first missing one. */
export async function sandboxTools(
  path: string,
  bubblewrap: string | undefined,
): Promise<SandboxTools | { readonly missing: string }> {
  const folders = [...path.split(delimiter).filter(isAbsolute), '/usr/bin', '/bin']
  const find = async (name: string) => {
    for (const folder of folders)
      if (
        await access(join(folder, name)).then(
          () => true,
          () => false,
        )
      )
        return join(folder, name)
    return undefined
  }
  const programs = {
    bwrap: bubblewrap ?? (await find('bwrap')),
    unshare: await find('unshare'),
    setpriv: await find('setpriv'),
  }
  const { bwrap, unshare, setpriv } = programs
  if (bwrap === undefined) return { missing: 'bubblewrap' }
  if (unshare === undefined) return { missing: 'unshare' }
  return setpriv === undefined ? { missing: 'setpriv' } : { bwrap, unshare, setpriv }
}
