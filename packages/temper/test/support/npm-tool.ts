import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'temper-test-tools', 'npm')

/** Packages that tests meet as real peers, by the exact versions. */
const packages = {
  '@backstage/catalog-model': '1.10.1',
  'kubernetes-models': '5.1.0',
  '@gitbeaker/rest': '43.8.0',
  renovate: '44.121.2',
  'smtp-server': '3.21.6',
} as const
export type NpmTool = keyof typeof packages

/**
 * Folder of an npm package with what it needs beside it, installed once, no script of it run; undefined, with a line on standard error, when it
 * cannot be had. With CI=true that is an error instead.
 */
export async function tryNpmTool(name: NpmTool): Promise<string | undefined> {
  try {
    return await installed(name)
  } catch (error) {
    if (process.env.CI === 'true') throw error
    process.stderr.write(`Tests with ${name} are skipped: ${(error as Error).message.slice(0, 500)}\n`)
    return undefined
  }
}

async function installed(name: NpmTool): Promise<string> {
  const place = join(cache, `${name.replace('/', '+')}-${packages[name]}`)
  const inside = ['node_modules', ...name.split('/')]
  const there = await access(join(place, ...inside, 'package.json')).then(
    () => true,
    () => false,
  )
  if (there) return join(place, ...inside)
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, '.install-'))
  try {
    await writeFile(join(folder, 'package.json'), '{"private":true}')
    const words = ['install', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund']
    await run('npm', [...words, `${name}@${packages[name]}`], { cwd: folder, maxBuffer: 16 << 20 })
    await rename(folder, place)
    return join(place, ...inside)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
