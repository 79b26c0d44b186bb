/**
 * Writes what a release publishes into out/release: the npm package, its bill of materials, an image of Temper that
 * Temper built, and SHA256SUMS over them.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const home = join(root, 'packages/temper')
const target = join(root, 'out/release')
const work = join(root, 'out/release-work')

export async function writeReleaseFiles(): Promise<void> {
  for (const folder of [target, work]) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
  }
  run('npm', ['run', '--silent', 'build'])
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }
  const archive = `temper-${version}.tgz`
  pack(archive)
  const installed = install(archive)
  const name = join(target, `temper-${version}`)
  temper(
    'sbom',
    `dir:${installed}`,
    '--name',
    'temper',
    '--format',
    'cyclonedx-json',
    '-o',
    `${name}.cdx.json`,
  )
  buildImage(`${name}.oci.tar`)
  writeFileSync(join(target, 'SHA256SUMS'), checksums())
  console.log(readFileSync(join(target, 'SHA256SUMS'), 'utf8').trimEnd())
}

function pack(archive: string): void {
  const packed =
    run('npm', ['pack', '--silent', '--pack-destination', work], home).trim().split('\n').at(-1) ?? ''
  cpSync(join(work, packed), join(target, archive))
}

/** As users get it, with the dependencies that it declares. */
function install(archive: string): string {
  const folder = join(work, 'installed')
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const words = ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  run('npm', [...words, join(target, archive)], folder)
  return folder
}

/** The image of the catalogue, of the packages that were just built. */
function buildImage(archive: string): void {
  const layout = join(work, 'image')
  temper('build', 'temper', '-o', layout, '--tag', `oci-archive:${archive}:latest`)
  temper('test', 'temper', '-o', layout)
}

function checksums(): string {
  const names = readdirSync(target).filter((name) => name !== 'SHA256SUMS')
  const lines = names.sort().map((name) => {
    const sum = createHash('sha256')
      .update(readFileSync(join(target, name)))
      .digest('hex')
    return `${sum}  ${name}\n`
  })
  return lines.join('')
}

function temper(...words: string[]): void {
  run(join(root, 'temper'), [...words, '--quiet'])
}

function run(program: string, words: readonly string[], cwd = root): string {
  return execFileSync(program, [...words], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}
