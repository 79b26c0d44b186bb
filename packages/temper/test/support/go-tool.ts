import { execFile } from 'node:child_process'
import { access, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Programs written in Go that the tests meet as real peers: module path and version, pinned. */
const tools = {
  cosign: { module: 'github.com/sigstore/cosign/v2/cmd/cosign', version: 'v2.6.3' },
} as const
export type GoTool = keyof typeof tools

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'temper-test-tools', 'go')
/** Where Go's own packages put it. */
const goPath = [process.env.PATH ?? '', '/usr/local/go/bin', '/usr/lib/go/bin'].join(delimiter)

/**
 * Path of a program, built once for each version into a cache folder. Throws an Error that says why it cannot be
 * had: without Go, or without its modules.
 */
async function goTool(name: GoTool): Promise<string> {
  const { module, version } = tools[name]
  const path = join(cache, `${name}-${version}`)
  if (await isExecutable(path)) return path
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, '.build-'))
  try {
    await run('go', ['install', `${module}@${version}`], {
      cwd: folder,
      env: { ...process.env, PATH: goPath, GOBIN: folder, CGO_ENABLED: '0' },
      maxBuffer: 16 << 20,
    })
    await rename(join(folder, name), path)
    return path
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { readonly stderr?: string }
    throw new Error(
      code === 'ENOENT' ? 'Go is not installed' : `go install ${module}: ${stderr.slice(-1000)}`,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The same for a test that can be skipped; with CI=true a program that cannot be had is an error. */
export async function tryGoTool(name: GoTool): Promise<string | undefined> {
  try {
    return await goTool(name)
  } catch (error) {
    if (process.env.CI === 'true') throw error
    process.stderr.write(`Tests with ${name} are skipped: ${(error as Error).message}\n`)
    return undefined
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
