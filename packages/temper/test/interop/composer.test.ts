import { execFile } from 'node:child_process'
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unpackArchive } from '../../src/dependencies/composer/archive.ts'
import { sampleProject } from '../../src/dependencies/composer/fixtures/sample-project.ts'
import { readComposerLock } from '../../src/dependencies/composer/lock.ts'
import { readComposerProject } from '../../src/dependencies/composer/project.ts'
import { vendorFiles } from '../../src/dependencies/composer/vendor.ts'
import type { InstalledFile } from '../../src/model/recipe-parts/dependency.ts'
import { tryDebianTool } from '../support/debian-tool.ts'

/* Composer installs a lock, Temper lays out the same one: the same packages and tables, and PHP finds the same with both. */

const run = promisify(execFile)
const composer = await tryDebianTool('composer')

/** What is code of Composer's there, and Temper's own here. */
const ownCode = /(?:autoload|composer\/(?:autoload_real|ClassLoader|InstalledVersions|platform_check))\.php$/

/** Asks the loader and the list of versions everything that applications ask. */
const questions = `<?php
$loader = require $argv[1] . '/autoload.php';
use Composer\\InstalledVersions as I;
$classes = ['Acme\\\\Base\\\\Thing', 'Acme\\\\Base\\\\Suit', 'Acme\\\\Base\\\\Shape', 'Legacy_Deep_Name', 'T', 'One\\\\B', 'Two\\\\Deep\\\\C', 'Inside', 'Outside', 'Quoted', 'Here', 'ATest', 'One', 'Acme\\\\Moving', 'App\\\\Hello', 'App\\\\None', 'Acme\\\\Base\\\\None'];
foreach ($classes as $class) {
    $file = $loader->findFile($class);
    echo $class, ' ', $file === false ? 'none' : substr(realpath($file), strlen(realpath($argv[1] . '/..'))), ' ', json_encode(class_exists($class) || interface_exists($class) || trait_exists($class)), "\\n";
}
echo json_encode([array_keys($loader->getPrefixesPsr4()), array_keys($loader->getPrefixes()), count(array_diff(array_keys($loader->getClassMap()), ['App\\\\Hello']))]), "\\n";
echo json_encode([I::getInstalledPackages(), I::isInstalled('acme/old'), I::isInstalled('x/y'), I::getVersion('acme/legacy'), I::getPrettyVersion('acme/legacy'), I::getReference('acme/base'), I::getVersionRanges('acme/old'), I::getVersionRanges('acme/moving'), I::getRootPackage()['name'], ACME_BOOT, own()]), "\\n";
try { I::getVersion('x/y'); } catch (\\OutOfBoundsException $e) { echo $e->getMessage(), "\\n"; }
`

describe.skipIf(composer === undefined)('Composer', () => {
  let folder = ''
  let server: Server
  let address = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'temper-composer-'))
    const { archives } = sampleProject('')
    server = createServer((request, response) => response.end(archives.get(request.url?.slice(1) ?? '')))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    server.close()
    await rm(folder, { recursive: true, force: true })
  })

  it.each([
    ['plain', {}, 'vendor'],
    ['optimised', { 'optimize-autoloader': true }, 'vendor'],
    ['elsewhere', { 'vendor-dir': 'lib/parts', 'bin-dir': 'bin', 'platform-check': false }, 'lib/parts'],
    ['strict', { 'platform-check': true, 'prepend-autoloader': false }, 'vendor'],
  ])('makes of a project that is %s what Temper makes of it', async (name, config, vendor) => {
    const all = { ...config, 'secure-http': false, 'cache-dir': join(folder, 'cache') }
    const [theirs, ours] = [join(folder, name, 'theirs'), join(folder, name, 'ours')]
    const { manifest, lock, archives } = sampleProject(address, all)
    for (const project of [theirs, ours])
      await write(project, {
        'composer.json': manifest,
        'composer.lock': lock,
        'src/Hello.php': '<?php\nnamespace App;\nclass Hello {}\n',
        'src/own.php': "<?php\nfunction own() { return 'own'; }\n",
      })
    const env = {
      ...process.env,
      COMPOSER_ALLOW_SUPERUSER: '1',
      COMPOSER_HOME: folder,
      COMPOSER_ROOT_VERSION: '',
    }
    await run(composer ?? '', ['install', '--no-dev', '--no-interaction', '--no-plugins'], {
      cwd: theirs,
      env,
    })

    const made = await laidOut({ manifest, lock, archives }, ours)
    const expected = await filesBelow(theirs)
    const shown = ({ target, content, mode }: InstalledFile) =>
      target ?? `${(mode & 0o111) === 0 ? 'file' : 'program'} ${Buffer.from(content).toString('latin1')}`
    const ownClasses = /^ {4,8}'App\\\\Hello' => .*\n/gm
    const compared = (files: readonly InstalledFile[], root: string) =>
      Object.fromEntries(
        files
          .map((file) => [file.path.slice(root.length + 1), shown(file)] as const)
          .filter(([path]) => path.startsWith(`${vendor}/`) && !ownCode.test(path) && !path.includes('/bin/'))
          .filter(([path]) => !path.endsWith('composer/LICENSE'))
          // The project's own classes are not listed: they are found by their namespaces.
          .map(([path, text]) => [path, text.replace(ownClasses, '')] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      )
    expect(compared(made, ours)).toEqual(compared(expected, theirs))
    const names = (files: readonly InstalledFile[], root: string) =>
      files
        .map(({ path }) => path.slice(root.length + 1))
        .filter((path) => !path.endsWith('LICENSE'))
        .sort()
    const before = ['composer.json', 'composer.lock', 'src/Hello.php', 'src/own.php']
    expect([...names(made, ours), ...before].sort()).toEqual(names(expected, theirs))

    await writeFile(join(folder, 'questions.php'), questions)
    const answer = async (project: string) =>
      (await run('php', [join(folder, 'questions.php'), join(project, vendor)])).stdout
    expect(await answer(ours)).toBe(await answer(theirs))
    const programs = 'bin-dir' in config ? 'bin' : 'vendor/bin'
    expect((await run('php', [join(ours, programs, 'legacy')])).stdout).toContain('legacy base')
  })
})

async function write(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}

/** As the image would have it, on the disk as well. */
async function laidOut(
  { manifest, lock: text, archives }: ReturnType<typeof sampleProject>,
  into: string,
): Promise<readonly InstalledFile[]> {
  const lock = readComposerLock(text, 'composer.lock')
  const project = readComposerProject(manifest, 'composer.json')
  const packages: InstalledFile[] = []
  for (const { name, archive } of lock.packages) {
    const bytes = archives.get(archive?.url.split('/').at(-1) ?? '')
    const folder = `${into}/${project.vendor}/${name}`
    if (bytes !== undefined) packages.push(...(await unpackArchive(bytes, { folder, what: name })))
  }
  const files = [...packages, ...vendorFiles({ lock, project, into }, packages)]
  for (const { path, content, mode, target } of files) {
    await mkdir(dirname(path), { recursive: true })
    if (target === undefined) await writeFile(path, content, { mode })
  }
  return files
}

async function filesBelow(root: string): Promise<readonly InstalledFile[]> {
  const names = await readdir(root, { recursive: true })
  const files = await Promise.all(
    names.map(async (name): Promise<InstalledFile[]> => {
      const path = join(root, name)
      const stat = await lstat(path)
      if (stat.isDirectory()) return []
      const link = stat.isSymbolicLink() ? { target: await readlink(path) } : {}
      return [{ path, mode: stat.mode, content: await readFile(path), ...link }]
    }),
  )
  return files.flat()
}
