/**
 * Makes the site of the documentation, in site/dist: a folder for each released version that the repository has a tag of, and
 * one for what is not released, with a list of versions on every page. All are made by the generator of today. Takes the
 * folder of the server that the site will lie in ("/temper/"); default "/".
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type SiteVersion, siteVersions } from './site-versions.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const site = join(root, 'site')
const pages = join(site, 'pages')

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  execFileSync(program, args, { cwd: site, stdio: 'inherit', env: { ...process.env, ...env } })
}

/** The pages of a version as they were then; those of the working tree as they are. */
function takePages({ tag }: SiteVersion): void {
  rmSync(pages, { recursive: true, force: true })
  if (tag === undefined) {
    cpSync(join(root, 'docs'), pages, { recursive: true })
    return
  }
  mkdirSync(pages)
  const archive = execFileSync('git', ['archive', '--format=tar', tag, 'docs'], {
    cwd: root,
    maxBuffer: 256 << 20,
  })
  execFileSync('tar', ['-x', '--strip-components=1', '-C', pages], { input: archive })
}

const tags = execFileSync('git', ['tag', '--list', 'v*'], { cwd: root, encoding: 'utf8' }).split('\n')
const home = process.argv[2]?.replace(/\/*$/, '') ?? ''
const versions = siteVersions(tags).map((version) => ({ ...version, base: home + version.base }))
run('npm', ['ci', '--no-audit', '--no-fund'])
rmSync(join(site, 'dist'), { recursive: true, force: true })
// What has the site to itself comes first: the generator empties the folder that it writes to.
for (const version of [...versions].sort((a, b) => a.base.length - b.base.length)) {
  takePages(version)
  run(
    'npx',
    [
      'vitepress',
      'build',
      '.',
      '--base',
      version.base,
      '--outDir',
      join('dist', version.base.slice(home.length)),
    ],
    {
      TEMPER_SITE: JSON.stringify({ version, versions }),
    },
  )
}
