import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import type { Context, RuntimeName } from '../flows/context.ts'
import { existing } from './directories.ts'

/** Programs of the host that some commands call. Looked for when they are asked for, since most commands call none. */
export class HostPrograms {
  readonly #folders: readonly string[]
  readonly #found = new Map<string, string | undefined>()

  /** @param path the variable PATH; relative members are left out */
  constructor(path: string | undefined) {
    this.#folders = [...new Set((path ?? '').split(delimiter))].filter((folder) => isAbsolute(folder))
  }

  /** Absolute path of a program, looked up as a shell does. */
  find(name: string): string | undefined {
    if (!this.#found.has(name)) this.#found.set(name, programIn(this.#folders, name))
    return this.#found.get(name)
  }

  get runtimes(): Context['runtimes'] {
    const programs: Partial<Record<RuntimeName, string>> = {}
    for (const name of ['runc', 'podman', 'docker'] as const) {
      const program = this.find(name) ?? programIn(systemFolders, name)
      if (program !== undefined) programs[name] = program
    }
    return programs
  }

  get browser(): string | undefined {
    return this.find('chromium') ?? this.find('chromium-browser') ?? this.find('google-chrome')
  }
}

/** runc lives in sbin, which is not in everyone's PATH. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin']

function programIn(folders: readonly string[], name: string): string | undefined {
  return folders
    .map((folder) => join(folder, name))
    .find((path) => existing(path) !== undefined && isExecutable(path))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
