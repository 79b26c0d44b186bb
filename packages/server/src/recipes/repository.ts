import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Scratch } from '../scratch.ts'
import { TemperError } from '../temper.ts'

const run = promisify(execFile)

export const repositorySchema = z.strictObject({
  /**
   * The address as git accepts it: "https://git.example/team/recipes.git", "ssh://git@git.example/team/recipes.git",
   * a path.
   */
  address: z.string().min(1).max(2000),
  branch: z
    .string()
    .regex(/^(?!-)[\w./-]{1,200}$/, 'expected the name of a branch')
    .default('main'),
  /** Folder in the repository that has the recipes. */
  folder: z
    .string()
    .regex(/^(?!.*(?:^|\/)\.\.?(?:\/|$))[\w.-]+(?:\/[\w.-]+)*$/, 'expected a folder in the repository')
    .optional(),
  /** A file with the token or password for an http address, and the user name for it. */
  tokenFile: z.string().min(1).optional(),
  username: z.string().min(1).default('git'),
  /**
   * A file that lists who may sign commits: SSH's allowed signers, or OpenPGP's public keys. Absent: commits need no
   * signature.
   */
  signersFile: z.string().min(1).optional(),
  /** Seconds between checks. */
  every: z.number().min(1).default(60),
})
export type RecipeRepository = z.output<typeof repositorySchema>

/** The folder with the working copies of a service. */
export function checkoutFolder(data: string): string {
  return join(data, 'recipes-repository')
}

/** Milliseconds that git has for one thing. */
const timeLimit = 120_000

/** A working copy of recipes that lie in a git repository. */
export class RecipeCheckout {
  readonly #settings: RecipeRepository
  readonly #place: string
  readonly #environment: Readonly<Record<string, string | undefined>>
  readonly #scratch: Scratch

  /** `data` is the folder of the service; `environment` holds variables that git sees besides its own. */
  constructor(
    settings: RecipeRepository,
    {
      data,
      environment,
      scratch,
    }: {
      readonly data: string
      readonly environment: Readonly<Record<string, string>>
      readonly scratch: Scratch
    },
  ) {
    this.#settings = settings
    this.#place = checkoutFolder(data)
    this.#environment = environment
    this.#scratch = scratch
  }

  /** Milliseconds between checks. */
  get every(): number {
    return this.#settings.every * 1000
  }

  /** The folder of recipes as of the last accepted commit; it exists before the first. */
  get folder(): string {
    const current = join(this.#place, 'current')
    return this.#settings.folder === undefined ? current : join(current, this.#settings.folder)
  }

  /**
   * Takes the newest commit of the branch, if an allowed signer has signed it. Returns the commit, and whether it has
   * changed. Throws `network` when the repository cannot be asked and `not-verified` for a commit without such a
   * signature; then everything stays as it was.
   */
  async take(): Promise<{ readonly commit: string; readonly isOther: boolean }> {
    await mkdir(join(this.#place, 'trees'), { recursive: true, mode: 0o700 })
    const current = join(this.#place, 'current')
    const before = await readlink(current).catch(() => undefined)
    await this.#git(['init', '--quiet', '--bare', this.#bare])
    const { address, branch } = this.#settings
    await this.#git([
      'fetch',
      '--quiet',
      '--no-tags',
      '--depth=1',
      '--force',
      '--',
      address,
      `refs/heads/${branch}`,
    ])
    const commit = (await this.#git(['rev-parse', '--verify', 'FETCH_HEAD^{commit}'])).trim()
    const tree = join('trees', commit)
    if (before === tree) return { commit, isOther: false }
    await this.#verify(commit)
    await this.#export(commit)
    await rm(`${current}.new`, { force: true })
    await symlink(tree, `${current}.new`)
    await rename(`${current}.new`, current)
    await this.#sweep(commit)
    return { commit, isOther: true }
  }

  /** Makes sure that the folder exists: before the first commit is taken, recipes are read from an empty folder. */
  async prepare(): Promise<void> {
    const current = join(this.#place, 'current')
    await mkdir(join(this.#place, 'trees', 'none'), { recursive: true, mode: 0o700 })
    const isThere = await readlink(current).then(
      () => true,
      () => false,
    )
    if (!isThere) await symlink(join('trees', 'none'), current)
  }

  get #bare(): string {
    return join(this.#place, 'git')
  }

  async #export(commit: string): Promise<void> {
    const incoming = await mkdtemp(join(this.#place, 'incoming-'))
    try {
      // Links of a repository lead wherever its author likes: they are written as the texts that they are.
      const words = [`--work-tree=${incoming}`, '-c', 'core.symlinks=false', 'checkout', '--quiet', '--force']
      await this.#git([...words, '--detach', commit])
      await rm(join(this.#place, 'trees', commit), { recursive: true, force: true })
      await rename(incoming, join(this.#place, 'trees', commit))
    } finally {
      await rm(incoming, { recursive: true, force: true })
    }
  }

  /** Removes old working copies, but not the previous one, which running builds still use. */
  async #sweep(commit: string): Promise<void> {
    const trees = join(this.#place, 'trees')
    const names = (await readdir(trees)).filter((name) => name !== commit)
    for (const name of names.slice(0, Math.max(0, names.length - 1)))
      await rm(join(trees, name), { recursive: true, force: true })
  }

  async #verify(commit: string): Promise<void> {
    const { signersFile } = this.#settings
    if (signersFile === undefined) return
    const signers = await readFile(signersFile, 'utf8').catch((error: Error) => {
      throw new TemperError(
        'bad-configuration',
        `The signers ${signersFile} cannot be read: ${error.message}`,
      )
    })
    const home = await this.#scratch.folder('signers')
    try {
      if (signers.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----')) {
        await writeFile(join(home, 'keys.asc'), signers)
        await run('gpg', ['--homedir', home, '--batch', '--quiet', '--import', join(home, 'keys.asc')])
      }
      await this.#git(['-c', `gpg.ssh.allowedSignersFile=${signersFile}`, 'verify-commit', commit], {
        GNUPGHOME: home,
      })
    } catch (error) {
      throw new TemperError(
        'not-verified',
        `Commit ${commit} of the recipes is not signed by anybody in ${signersFile}: ${saidBy(error)}`,
        { hint: 'The previous commit is used until an allowed signer has signed a newer one.', cause: error },
      )
    } finally {
      await run('gpgconf', ['--homedir', home, '--kill', 'all']).catch(() => undefined)
      await rm(home, { recursive: true, force: true })
    }
  }

  async #git(words: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<string> {
    const env = { ...this.#environment, ...(await this.#variables()), ...more, GIT_DIR: this.#bare }
    try {
      const { stdout } = await run('git', [...words], { env, timeout: timeLimit, maxBuffer: 16 << 20 })
      return stdout
    } catch (error) {
      if ('GNUPGHOME' in more) throw error
      const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT'
      throw new TemperError(
        isGone ? 'tool-missing' : 'network',
        isGone
          ? 'Recipes of a repository need git'
          : `The recipes' repository cannot be read: ${saidBy(error)}`,
        { cause: error },
      )
    }
  }

  /**
   * The environment for git, with which it ignores the machine's configuration and never prompts. The token does not
   * appear in the list of processes.
   */
  async #variables(): Promise<Readonly<Record<string, string>>> {
    const { tokenFile, username, address } = this.#settings
    const settings: [string, string][] = [
      ['core.hooksPath', '/dev/null'],
      ['protocol.ext.allow', 'never'],
      ['safe.directory', '*'],
    ]
    if (tokenFile !== undefined && /^https?:/.test(address)) {
      const token = (await readFile(tokenFile, 'utf8')).trim()
      const basic = Buffer.from(`${username}:${token}`).toString('base64')
      settings.push([`http.${new URL(address).origin}/.extraHeader`, `Authorization: Basic ${basic}`])
    }
    return {
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      LC_ALL: 'C',
      GIT_CONFIG_COUNT: String(settings.length),
      ...Object.fromEntries(
        settings.flatMap(([key, value], at) => [
          [`GIT_CONFIG_KEY_${at}`, key],
          [`GIT_CONFIG_VALUE_${at}`, value],
        ]),
      ),
    }
  }
}

/** The last lines of what a program printed, without an address's password. */
function saidBy(error: unknown): string {
  const { stderr = '', message } = error as { readonly stderr?: string; readonly message: string }
  const text = stderr.trim() === '' ? message : stderr.trim().split('\n').slice(0, 3).join('; ')
  return text.replace(/\/\/[^/@\s]*@/g, '//').slice(0, 500)
}
