import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestOutcome } from '../../src/flows/test/test.ts'
import { catalogImage, catalogLock } from '../support/catalog.ts'
import { tryDebianTool } from '../support/debian-tool.ts'
import { temper, temperJson } from '../support/temper-cli.ts'

/* The tests of recipes in containers of a real podman. */

const podman = process.getuid?.() === 0 ? await tryDebianTool('podman') : undefined

let folder = ''
/** podman with a storage of its own. */
let settings: Readonly<Record<string, string>> = {}
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-podman-'))
  const storage = join(folder, 'storage.conf')
  writeFileSync(
    storage,
    `[storage]\ndriver = "vfs"\ngraphroot = "${join(folder, 'graph')}"\nrunroot = "${join(folder, 'run')}"\n`,
  )
  settings = { CONTAINERS_STORAGE_CONF: storage }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const images = () => ask('images', '--quiet')
const containers = () => ask('ps', '--all', '--quiet')
function ask(...args: string[]): string {
  const env = { ...process.env, ...settings }
  return execFileSync(podman ?? '', args, { env, encoding: 'utf8' }).trim()
}

describe.skipIf(podman === undefined)('under podman', () => {
  it('nginx passes the tests of its recipe, and nothing stays behind', async () => {
    const { layout } = await catalogImage('nginx')
    const temporary = mkdtempSync(join(folder, 'tmp-'))
    const args = ['test', 'nginx', '--lock', await catalogLock('nginx'), '-o', layout, '--runtime', 'podman']
    const outcome = await temperJson<TestOutcome>(args, { env: { ...settings, TMPDIR: temporary } })
    expect(outcome.results.filter((result) => !result.passed)).toEqual([])
    expect(outcome).toMatchObject({ runtime: 'podman', passed: true })
    expect([images(), containers(), readdirSync(temporary)]).toEqual(['', '', []])
  })

  it('containers are locked down, and what fails is told', async () => {
    const file = join(folder, 'lockdown.yaml')
    writeFileSync(file, recipe)
    const args = ['test', file, '-o', join(folder, 'out'), '--runtime', 'podman', '--json']
    const { code, stdout, stderr } = await temper(args, { env: settings })
    expect([code, stderr.includes('error[')]).toEqual([1, false])
    const { results }: TestOutcome = JSON.parse(stdout)
    expect(results).toEqual([
      { name: 'locked down', passed: true },
      expect.objectContaining({
        name: 'fails',
        reason: 'expected exit code 0, found 3',
        output: 'leaving\n',
      }),
      expect.objectContaining({
        name: 'too slow',
        reason: 'expected it to end within 2 s, found it still running',
      }),
      expect.objectContaining({ name: 'beside', reason: expect.stringMatching(/exit code 5$/) }),
    ])
    expect([images(), containers()]).toEqual(['', ''])
  })
})

const recipe = `
name: lockdown
contents:
  packages: [python3]
volumes: [/data]
paths:
  - { type: directory, path: /data, uid: 65532, gid: 65532, permissions: 0o700 }
  - { type: file, path: /data/kept, content: from the image, uid: 65532, gid: 65532 }
entrypoint: [/usr/bin/python3]
tests:
  - name: locked down
    writable: [/scratch]
    command: [/usr/bin/python3, "-"]
    stdin: |
      import os, socket, stat
      status = dict(line.split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
      for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
          assert int(status[name], 16) == 0, name
      assert status["NoNewPrivs"].strip() == "1"
      assert (os.getuid(), os.getgid()) == (65532, 65532)
      for path in ("/new", "/etc/passwd", "/run/new"):
          try:
              open(path, "w")
              raise AssertionError(path)
          except OSError as error:
              assert error.errno in (13, 30), error
      for path, mode, uid in (("/tmp", 0o1777, 0), ("/home/nonroot", 0o700, 65532), ("/data", 0o700, 65532),
                              ("/scratch", 0o1777, 0)):
          found = os.stat(path)
          assert (stat.S_IMODE(found.st_mode), found.st_uid) == (mode, uid), (path, oct(found.st_mode), found.st_uid)
          open(path + "/new", "w").write("x")
      assert open("/data/kept").read() == "from the image"
      assert [name for _, name in socket.if_nameindex()] == ["lo"]
      print("yes")
    output: "yes"
  - name: fails
    command: [/usr/bin/python3, -c, 'print("leaving"); exit(3)']
  - name: too slow
    timeout: 2
    command: [/usr/bin/python3, -c, 'import time; time.sleep(600)']
  - name: beside
    timeout: 600
    command: [/usr/bin/python3, -c, 'import time; time.sleep(600)']
    exec:
      - command: [/usr/bin/python3, -c, pass]
      - command: [/usr/bin/python3, -c, exit(5)]
`
