import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readRepositoryFile, repositoryFiles, repositoryRoot } from './support/source-files.ts'

const all = repositoryFiles()
const readable = all.filter((path) => !/\.(png|gpg|deb|xz|zst|tar|bin|wasm|jks|der)$/.test(path))
const markdown = all.filter((path) => path.endsWith('.md'))

/** What a configuration says, or nothing where the program is not installed. */
function said(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch (error) {
    if (error instanceof Error) return ''
    throw error
  }
}

/**
 * Hosts that this machine gets packages from: they are the machine's business, and a repository that names
 * them breaks on the next one. The archive that keeps old packages is a documented part of Temper.
 */
function configuredHosts(): readonly string[] {
  const apt = ['/etc/apt/sources.list', ...aptFiles()].filter(existsSync)
  const texts = [
    ...apt.map((path) => readFileSync(path, 'utf8').replace(/^\s*#.*$/gm, '')),
    said('npm', ['config', 'get', 'registry']),
    said('pip', ['config', 'list']),
    said('go', ['env', 'GOPROXY', 'GOSUMDB']),
    ...['/etc/maven/settings.xml', join(homedir(), '.m2/settings.xml')]
      .filter(existsSync)
      .map((path) =>
        readFileSync(path, 'utf8').replace(/<!--[\s\S]*?-->|\bxmlns\S*="[^"]*"|\bxsi:\S*="[^"]*"/g, ''),
      ),
    ...[join(homedir(), '.cargo/config.toml'), join(homedir(), '.npmrc')]
      .filter(existsSync)
      .map((path) => readFileSync(path, 'utf8')),
  ]
  const hosts = texts.flatMap((text) =>
    [...text.matchAll(/https?:\/\/(?:[^/\s@]*@)?([^/\s:,'"]+)/g)].map((match) => match[1] ?? ''),
  )
  return [...new Set(hosts)].filter((host) => !/^(localhost|127\..*|0\.0\.0\.0|snapshot\..*|)$/.test(host))
}

function aptFiles(): readonly string[] {
  const folder = '/etc/apt/sources.list.d'
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
}

/** Where the world gets its packages from, in pieces, since this file is searched too. */
const publicHosts: readonly string[] = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['deb', 'debian', 'org'],
  ['ftp', 'debian', 'org'],
  ['archive', 'ubuntu', 'com'],
  ['pypi', 'org'],
  ['files', 'pythonhosted', 'org'],
  ['proxy', 'golang', 'org'],
  ['sum', 'golang', 'org'],
  ['repo', 'maven', 'apache', 'org'],
  ['repo1', 'maven', 'org'],
  ['crates', 'io'],
  ['rubygems', 'org'],
].map((pieces) => pieces.join('.'))

/** What a file says; fixtures are often compressed. */
function textOf(path: string): string {
  if (!path.endsWith('.gz')) return readRepositoryFile(path)
  return gunzipSync(readFileSync(join(repositoryRoot, path))).toString('latin1')
}

describe('the repository', () => {
  it('names no package host, be it of the machine that it is on or of the public, fixtures included', () => {
    const hosts = [...configuredHosts(), ...publicHosts]
    const named = readable.flatMap((path) => {
      const text = textOf(path)
      return hosts.filter((host) => text.includes(host)).map((host) => `${path}: ${host}`)
    })
    expect(named).toEqual([])
  })

  it('keeps download addresses out of the lock file', () => {
    expect(readRepositoryFile('package-lock.json')).not.toMatch(/"resolved": "https?:/)
  })

  it('pins every action by the digest of a commit, and says which version that is', () => {
    const places = all.filter((path) => /^(?:action\.yml|\.github\/workflows\/.+|docs\/.+\.md)$/.test(path))
    const uses = places.flatMap((path) =>
      [...readRepositoryFile(path).matchAll(/^\s*(?:- )?uses: (\S+)(.*)$/gm)].map(
        ([, name = '', after = '']) => ({
          path,
          name,
          after,
        }),
      ),
    )
    expect(uses.length).toBeGreaterThan(6)
    for (const { path, name, after } of uses)
      if (!name.startsWith('temper-images/'))
        expect(`${name}${after}`, path).toMatch(/^[\w-]+(?:\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it('pins every dependency exactly', () => {
    const loose = ['package.json', 'packages/temper/package.json'].flatMap((path) => {
      const manifest: Record<string, Record<string, string> | undefined> = JSON.parse(
        readRepositoryFile(path),
      )
      return Object.entries({ ...manifest['dependencies'], ...manifest['devDependencies'] }).filter(
        ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
      )
    })
    expect(loose).toEqual([])
  })
})

describe('documentation', () => {
  it.each(markdown)('%s has no dead link', (path) => {
    const dead = linksOf(readRepositoryFile(path)).filter((link) => !resolves(link, path))
    expect(dead).toEqual([])
  })

  it('is found from the README or the page above it', () => {
    const linked = new Set(
      markdown.flatMap((path) =>
        linksOf(readRepositoryFile(path)).map((link) =>
          normalize(join(dirname(path), link.split('#')[0] ?? '')),
        ),
      ),
    )
    const lost = markdown.filter((path) => path.startsWith('docs/') && !linked.has(path))
    expect(lost).toEqual([])
  })
})

/** Rows of the tables of docs/where.md: what it is, the folder, and a file to look at. */
const places = readRepositoryFile('docs/where.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:A new…|---) /.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')))

describe('where would I put…', () => {
  it.each(places.map((cells) => [cells[0], cells] as const))(
    '%s: one folder, with a file to look at',
    (_, cells) => {
      expect(cells).toHaveLength(3)
      const [, folder = '', example = ''] = cells
      const [answer, more] = linksOf(folder).map((link) => normalize(join('docs', link)))
      expect(more).toBeUndefined()
      const inside = all.filter((path) => path.startsWith(`${answer}/`))
      expect(inside.length).toBeGreaterThan(0)
      // The name says the folder; nobody should have to follow the link.
      expect(`/${answer}`.endsWith(`/${/^\[(.*)\]/.exec(folder)?.[1]}`)).toBe(true)
      const [file = ''] = linksOf(example).map((link) => normalize(join('docs', link)))
      expect(all).toContain(file)
    },
  )

  it('is asked once about each thing, and gives each folder once', () => {
    const [things, folders] = [places.map(([thing]) => thing), places.map(([, folder]) => folder)]
    expect(new Set(things).size).toBe(things.length)
    expect(new Set(folders).size).toBe(folders.length)
    for (const kind of ['format', 'distribution', 'rule', 'effect', 'store', 'feed', 'command', 'VEX source'])
      expect(things.filter((thing) => thing?.startsWith(kind)).length).toBeGreaterThan(0)
  })
})

function linksOf(text: string): readonly string[] {
  const prose = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '')
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '')
  return links.filter((link) => !/^(https?|mailto):/.test(link))
}

function resolves(link: string, from: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? from : normalize(join(dirname(from), path)).replace(/\/$/, '')
  if (!all.includes(target) && !all.some((file) => file.startsWith(`${target}/`))) return false
  return anchor === undefined || anchorsOf(readRepositoryFile(target)).has(anchor)
}

/** Anchors of headings, as the forges make them. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#{1,6}\s+(.*)$/gm)].map((match) => match[1] ?? '')
  return new Set([
    ...[...text.matchAll(/<a id="([^"]+)">/g)].map((match) => match[1] ?? ''),
    ...headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  ])
}
