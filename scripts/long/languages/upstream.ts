import { execFile } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { mainMirror } from '../../../packages/temper/test/support/debian-tool.ts'

const run = promisify(execFile)

/**
 * Fetches what the makers of some source packages of Debian 13 released, as Debian's archive keeps it: the archive in a folder of the package's
 * name, and what is in it below `unpacked`. apt checks it against Debian's keys; its state is kept apart from the machine's.
 */
export async function fetchUpstream(
  packages: readonly string[],
  into: string,
  { state }: { readonly state: string },
): Promise<void> {
  for (const folder of [into, join(state, 'lists/partial'), join(state, 'cache/archives/partial')])
    await mkdir(folder, { recursive: true })
  const key = '/usr/share/keyrings/debian-archive-keyring.gpg'
  await writeFile(join(state, 'sources'), `deb-src [signed-by=${key}] ${await mainMirror()} trixie main\n`)
  await writeFile(join(state, 'status'), '')
  const settings = {
    'Dir::Etc::sourcelist': join(state, 'sources'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State': state,
    'Dir::State::lists': join(state, 'lists'),
    'Dir::State::status': join(state, 'status'),
    'Dir::Cache': join(state, 'cache'),
    'APT::Sandbox::User': '',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  await run('apt-get', ['-q', ...options, 'update'])
  for (const name of packages) {
    const folder = join(into, name)
    await mkdir(join(folder, 'unpacked'), { recursive: true })
    await run('apt-get', ['-q', ...options, 'source', '--download-only', '--tar-only', name], { cwd: folder })
    const [archive = ''] = (await readdir(folder)).filter((each) => each.includes('.orig.tar'))
    await run('tar', ['-xf', archive, '--strip-components=1', '--no-same-owner', '-C', 'unpacked'], {
      cwd: folder,
    })
  }
}
