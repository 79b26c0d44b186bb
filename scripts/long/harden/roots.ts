import { execFile } from 'node:child_process'
import { access, mkdir, rename } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { debianTool, mainMirror } from '../../../packages/temper/test/support/debian-tool.ts'
import { realAlpine } from '../../../packages/temper/test/support/real-alpine.ts'
import type { ForeignRoot } from './cases.ts'

const run = promisify(execFile)
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'temper-test-tools', 'roots')

/** Folder or archive with a root file system that no Temper made; made once and kept. */
export async function foreignRoot(name: ForeignRoot): Promise<string> {
  if (name === 'alpine') return await realAlpine()
  const tar = join(cache, `${name}.tar`)
  const isThere = await access(tar).then(
    () => true,
    () => false,
  )
  if (isThere) return tar
  await mkdir(cache, { recursive: true })
  // The release alone, without the archive of its security updates: so there is something to update.
  const source = `deb ${await mainMirror()} ${name} main`
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
  const made = join(cache, `.${process.pid}-${name}.tar`)
  const args = ['--variant=minbase', '--quiet', '--include=ca-certificates', `--keyring=${keyring}`]
  // Device files of the host are no part of an image.
  await run(await debianTool('mmdebstrap'), [...args, '--skip=output/dev', name, made, source])
  await rename(made, tar)
  return tar
}
