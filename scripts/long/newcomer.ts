import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pageBlocks } from '../../packages/temper/test/support/page-commands.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Drives the lines of the README in an empty Debian with nothing but its Node and npm: a clone is put there, and every
 * block that is run by tests is pasted, in turn. Needs root and mmdebstrap. Takes the release (bookworm), and with
 * `--offline-feeds FILE…` files of advisories where their publishers cannot be reached. False when a block fails.
 */
export async function driveReadme(words: readonly string[]): Promise<boolean> {
  const at = words.indexOf('--offline-feeds')
  const feeds = at < 0 ? [] : words.slice(at + 1)
  const [release = 'bookworm'] = at < 0 ? words : words.slice(0, at)
  const place = mkdtempSync(join(tmpdir(), 'temper-newcomer-'))
  try {
    execFileSync('tar', ['-xf', emptyDebian(release), '-C', place])
    furnish(place)
    const script = `cd /root/temper\n${feeds.length === 0 ? '' : `./temper feeds import ${carry(feeds, place)}\n`}`
    const blocks = pageBlocks(readFileSync(join(root, 'README.md'), 'utf8'))
    run(place, `${script}./temper version`)
    return blocks
      .filter(({ notRun }) => notRun === undefined)
      .map(({ line, script: block, endsWith }) => {
        // What cannot be fetched here was imported above.
        const own =
          feeds.length === 0 ? block : block.replace(/^\.\/temper feeds update.*$/m, './temper feeds')
        const code = run(place, `cd /root/temper\n${own}`)
        console.log(`${code === endsWith ? 'ok' : `FAILED (${code})`}: README.md, line ${line}`)
        return code === endsWith
      })
      .every((good) => good)
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

/** An archive of an empty Debian with Node, made once. */
function emptyDebian(release: string): string {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'temper-test-tools')
  const archive = join(folder, `newcomer-${release}.tar`)
  if (existsSync(archive)) return archive
  mkdirSync(folder, { recursive: true })
  const include = '--include=nodejs,npm,ca-certificates'
  execFileSync('mmdebstrap', ['--variant=minbase', include, release, `${archive}.new.tar`], {
    stdio: 'inherit',
  })
  execFileSync('mv', [`${archive}.new.tar`, archive])
  return archive
}

/** The clone, and what a person's network needs: names, certificates, npm's settings. */
function furnish(place: string): void {
  // Where packages were unpacked and nothing was configured, these are missing.
  for (const folder of ['proc', 'dev', 'tmp']) mkdirSync(join(place, folder), { recursive: true })
  mkdirSync(join(place, 'root/temper'), { recursive: true })
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  for (const file of files.split('\0').filter((name) => name !== '' && existsSync(join(root, name))))
    cpSync(join(root, file), join(place, 'root/temper', file), { recursive: true })
  for (const file of ['/etc/resolv.conf', '/etc/hosts', '/etc/ssl/certs/ca-certificates.crt'])
    if (existsSync(file)) cpSync(file, join(place, file), { dereference: true })
  const npmrc = join(homedir(), '.npmrc')
  if (existsSync(npmrc)) cpSync(npmrc, join(place, 'root/.npmrc'))
}

function carry(files: readonly string[], place: string): string {
  return files
    .map((file, index) => {
      const name = `/root/${index}-${file.split('/').at(-1)}`
      cpSync(file, join(place, name))
      return name
    })
    .join(' ')
}

function run(place: string, script: string): number {
  const names = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']
  const env = Object.fromEntries([...names, 'NODE_EXTRA_CA_CERTS'].map((name) => [name, process.env[name]]))
  const mounts = `mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" sh -euc "$1"`
  const { status } = spawnSync('unshare', ['--mount', 'sh', '-c', mounts, place, script], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...env, PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' },
  })
  return status ?? 1
}
