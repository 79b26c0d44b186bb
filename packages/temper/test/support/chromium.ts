import { execFile } from 'node:child_process'
import { access, constants, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { unpackedWithLibraries } from './debian-tool.ts'

const run = promisify(execFile)

/** A real browser that loads pages without a window. */
export interface Browser {
  /** Where a program "chromium" is that runs as it stands. */
  readonly folder: string
  /** The page after its scripts ran, as the browser writes it. */
  dom(address: string, options?: { readonly width?: number }): Promise<string>
  /** A PNG of the page. */
  screenshot(
    address: string,
    options: { readonly width: number; readonly height: number },
  ): Promise<Uint8Array>
}

/** The host's chromium, or Debian's with the libraries that the host lacks, unpacked into a cache folder; undefined, with a line on standard error, when it cannot be had. */
export async function tryChromium(): Promise<Browser | undefined> {
  try {
    return await chromium()
  } catch (error) {
    if (process.env.CI === 'true') throw error
    process.stderr.write(`Tests with chromium are skipped: ${(error as Error).message}\n`)
    return undefined
  }
}

async function chromium(): Promise<Browser> {
  const { program, libraries } = await whichChromium()
  return {
    folder: await folderOf({ program, libraries }),
    dom: async (address, { width = 1280 } = {}) =>
      (await start(['--dump-dom', `--window-size=${width},900`, address])).stdout,
    screenshot: async (address, { width, height }) => {
      const folder = await mkdtemp(join(tmpdir(), 'temper-shot-'))
      try {
        const file = join(folder, 'page.png')
        await start([
          `--screenshot=${file}`,
          `--window-size=${width},${height}`,
          '--hide-scrollbars',
          address,
        ])
        return await readFile(file)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }

  async function start(args: readonly string[]) {
    const profile = await mkdtemp(join(tmpdir(), 'temper-chromium-'))
    // No network beyond the machine: pages are files, and must not need any.
    const common = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      `--user-data-dir=${profile}`,
    ]
    const offline = [
      '--host-resolver-rules=MAP * ~NOTFOUND',
      '--no-first-run',
      '--disable-background-networking',
    ]
    try {
      return await run(program, [...common, ...offline, ...args], {
        env: { PATH: '/usr/bin:/bin', HOME: profile, LD_LIBRARY_PATH: libraries.join(':') },
        maxBuffer: 64 << 20,
        timeout: 120_000,
        killSignal: 'SIGKILL',
      })
    } finally {
      // Its helpers may write for a moment longer.
      await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    }
  }
}

interface Program {
  readonly program: string
  /** Folders of libraries that the host lacks. */
  readonly libraries: readonly string[]
}

/** Beside one that was unpacked lies one that finds its libraries. */
async function folderOf({ program, libraries }: Program): Promise<string> {
  if (libraries.length === 0) return dirname(program)
  const folder = join(dirname(program), '..', 'with-libraries')
  await mkdir(folder, { recursive: true })
  const text = `#!/bin/sh\nLD_LIBRARY_PATH='${libraries.join(':')}' exec '${program}' "$@"\n`
  await writeFile(join(folder, 'chromium'), text, { mode: 0o755 })
  return folder
}

/** The host's own, else Debian's with its libraries, unpacked. */
async function whichChromium(): Promise<Program> {
  const host = '/usr/bin/chromium'
  const isThere = await access(host, constants.X_OK).then(
    () => true,
    () => false,
  )
  if (isThere) return { program: host, libraries: [] }
  const root = await unpackedWithLibraries('chromium')
  const program = join(root, 'usr/lib/chromium/chromium')
  await access(program)
  const { stdout } = await run('find', [join(root, 'usr/lib'), '-name', '*.so*', '-printf', '%h\n'])
  const folders = [...new Set(stdout.trim().split('\n'))]
  return { program, libraries: folders.filter((path) => !path.startsWith(dirname(program))) }
}
