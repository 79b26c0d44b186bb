import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestOutcome } from '../../src/flows/test/test.ts'
import { catalogImage, catalogLock, catalogRecipe } from '../support/catalog.ts'
import { tryDebianTool } from '../support/debian-tool.ts'
import { onlyObject, startTemper, temper, temperJson } from '../support/temper-cli.ts'

/* Every image of the catalogue runs under runc, locked down, and does its job. */

const isRoot = process.getuid?.() === 0
const runc = isRoot ? await tryDebianTool('runc') : undefined

type Outcome = TestOutcome & { readonly passed: boolean }

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-catalog-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function recipe(name: string, text: string): string {
  const file = join(folder, `${name}.yaml`)
  writeFileSync(file, text)
  return file
}

async function test(target: string, ...more: string[]): Promise<Outcome> {
  const args = ['test', target, '-o', join(folder, 'out'), '--runtime', 'runc', '--json', ...more]
  const { code, stdout, stderr } = await temper(args)
  if (code !== 0 && code !== 1) throw new Error(stderr + stdout)
  return JSON.parse(stdout) as Outcome
}

describe.skipIf(runc === undefined)('under runc', () => {
  it.each(['nginx', 'python', 'jre', 'postgres'] as const)(
    '%s passes the tests of its recipe',
    async (name) => {
      const { layout, result } = await catalogImage(name)
      const target = [await catalogRecipe(name), '--lock', await catalogLock(name), '-o', layout]
      const args = ['test', ...target, '--runtime', 'runc']
      const outcome = await temperJson<Outcome>(args)
      expect(outcome.results.filter((result) => !result.passed)).toEqual([])
      expect(outcome).toMatchObject({ runtime: 'runc', passed: true, build: { digest: result.digest } })
      expect(outcome.results.length).toBeGreaterThan(1)
    },
    180_000,
  )

  it('nginx passes the tests of its variant to develop with, which has what that needs', async () => {
    const outcome = await test('nginx', '--variant', 'dev')
    expect(outcome.results.filter((result) => !result.passed)).toEqual([])
    expect(outcome.results.map(({ name }) => name)).toContain('has a shell, and what fetches')
    expect(outcome.build.reference).toMatch(/:latest-dev$/)
  }, 180_000)

  it('postgres runs the files of its folder before anybody can connect', async () => {
    const outcome = await test(recipe('postgres-init', initRecipe))
    expect(outcome.results.filter((result) => !result.passed)).toEqual([])
    expect(outcome.results.map(({ name }) => name)).toEqual(['runs what is in the folder, in its order'])
  }, 180_000)

  it('static has what a static program needs', async () => {
    const outcome = await test(
      recipe(
        'static-program',
        `
name: static-program
contents:
  packages: [base-files, ca-certificates, netbase, tzdata, busybox-static]
hardening:
  allow:
    - { rule: shell, why: stands for a static program }
environment: { SSL_CERT_FILE: /etc/ssl/certs/ca-certificates.crt }
entrypoint: [/usr/bin/busybox]
tests:
  - name: certificates
    command: [/usr/bin/busybox, grep, -c, BEGIN CERTIFICATE, /etc/ssl/certs/ca-certificates.crt]
  - name: time zones
    environment: { TZ: ":/usr/share/zoneinfo/Asia/Tokyo" }
    command: [/usr/bin/busybox, date, -d, "@0", "+%H:%M %Z"]
    output: 09:00 JST
  - name: accounts
    command: [/usr/bin/busybox, id]
    output: uid=65532(nonroot) gid=65532(nonroot)
  - name: port names
    command: [/usr/bin/busybox, grep, -w, https, /etc/services]
    output: 443/tcp
`,
      ),
    )
    expect(outcome.results.filter((result) => !result.passed)).toEqual([])
  })

  it('nothing can be done that was not declared', async () => {
    const outcome = await test(recipe('lockdown', lockdownRecipe))
    expect(outcome.results.filter((result) => !result.passed)).toEqual([])
    expect(outcome.results).toHaveLength(3)
  })

  it('what fails is told with reason and output, and without waiting for what cannot come', async () => {
    const outcome = await test(recipe('failing', failingRecipe))
    expect(outcome).toMatchObject({ passed: false })
    expect(outcome.results).toEqual([
      {
        name: 'another exit code',
        passed: false,
        reason: 'expected exit code 0, found 3',
        output: 'leaving\n',
      },
      {
        name: 'no program',
        passed: false,
        reason: 'expected exit code 0, found 1',
        output: expect.stringMatching(/exec format error/),
      },
      {
        name: 'too slow',
        passed: false,
        reason: 'expected it to end within 1 s, found it still running',
        output: '',
      },
      {
        name: 'the service ends',
        passed: false,
        reason: 'expected http://127.0.0.1:8080/ to answer, found the container ended (exit code 0)',
        output: '',
      },
      {
        name: 'no program beside the service',
        passed: false,
        reason: expect.stringMatching(/^\/opt\/broken: exit code \d+: .*exec format error/s),
        output: expect.any(String),
      },
      {
        name: 'a later command fails',
        passed: false,
        reason: '/usr/bin/python3 -c exit(5): exit code 5',
        output: '',
      },
    ])
  })

  it('Ctrl-C ends the container and takes away what was made for it', async () => {
    const temporary = mkdtempSync(join(folder, 'tmp-'))
    const mark = `time.sleep(${100_000 + process.pid})`
    const file = recipe('sleeping', sleepingRecipe.replace('SLEEP', mark))
    const args = ['test', file, '-o', join(folder, 'sleeping'), '--runtime', 'runc', '--json']
    const { child, done } = startTemper(args, { env: { TMPDIR: temporary } })
    await expect.poll(() => running(mark), { interval: 20, timeout: 50_000 }).toBeGreaterThan(0)
    child.kill('SIGINT')
    const { code, stdout } = await done
    expect(code).toBe(130)
    expect(onlyObject(stdout)).toMatchObject({ error: { code: 'interrupted' } })
    expect(running(mark)).toBe(0)
    expect(readdirSync(temporary)).toEqual([])
  })
})

/** How many processes have this argument. */
function running(argument: string): number {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(`import time; ${argument}`)
    } catch {
      // It has just ended.
      return false
    }
  }).length
}

const sleepingRecipe = `
name: sleeping
contents:
  packages: [python3]
tests:
  - name: sleeps
    timeout: 600
    command: [/usr/bin/python3, -c, 'import time; SLEEP']
`

const initRecipe = `
name: postgres-init
extends: postgres
paths:
  - type: file
    path: /docker-entrypoint-initdb.d/1.sql
    content: |
      create table goods (name text);
      insert into goods values ('hammer');
  - type: file
    path: /docker-entrypoint-initdb.d/2.sh
    content: |
      psql --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --command="insert into goods values ('saw')"
tests:
  - "!version"
  - "!asks for a password before it makes a database"
  - "!makes a cluster and answers queries"
  - "!makes the user and the database that it is told to"
  - name: runs what is in the folder, in its order
    environment: { POSTGRES_PASSWORD: of this, PGPASSWORD: of this, POSTGRES_USER: owner, POSTGRES_DB: shop }
    timeout: 120
    exec:
      - command:
          - /usr/lib/postgresql/17/bin/psql
          - --host=127.0.0.1
          - --username=owner
          - --dbname=shop
          - -At
          - --command=select string_agg(name, ', ') from goods
        output: hammer, saw
`

const lockdownRecipe = `
name: lockdown
contents:
  packages: [python3]
volumes: [/data]
paths:
  - { type: directory, path: /data, uid: 65532, gid: 65532, permissions: 0o700 }
  - { type: file, path: /data/kept, content: from the image, uid: 65532, gid: 65532 }
  - { type: directory, path: /srv/cache, uid: 65532, gid: 65532, permissions: 0o750 }
entrypoint: [/usr/bin/python3]
tests:
  - name: no rights
    command: [/usr/bin/python3, "-"]
    stdin: |
      import os
      status = dict(line.split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
      for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
          assert int(status[name], 16) == 0, name
      assert status["NoNewPrivs"].strip() == "1"
      assert (os.getuid(), os.geteuid(), os.getgid(), os.getgroups()) == (65532, 65532, 65532, []), os.getgroups()
      print("none")
    output: none
  - name: only declared folders can be written to, and they are as the image has them
    writable: [/scratch]
    command: [/usr/bin/python3, "-"]
    stdin: |
      import os, stat
      def refused(path):
          try:
              open(path, "w")
          except OSError as error:
              return error.errno in (13, 30)
      for path in ("/new", "/etc/passwd", "/usr/bin/new", "/var/lib/new", "/dev/shm/../new", "/proc/sys/kernel/hostname"):
          assert refused(path), path
      for path, mode, uid in (("/tmp", 0o1777, 0), ("/var/tmp", 0o1777, 0), ("/home/nonroot", 0o700, 65532),
                              ("/srv/cache", 0o750, 65532), ("/data", 0o700, 65532), ("/scratch", 0o1777, 0)):
          found = os.stat(path)
          assert (stat.S_IMODE(found.st_mode), found.st_uid) == (mode, uid), (path, oct(found.st_mode), found.st_uid)
          open(path + "/new", "w").write("x")
          assert os.statvfs(path).f_flag & (os.ST_NOSUID | os.ST_NODEV) == os.ST_NOSUID | os.ST_NODEV, path
      assert open("/data/kept").read() == "from the image"
      assert os.statvfs("/").f_flag & os.ST_RDONLY
      print("as declared")
    output: as declared
  - name: no network but its own loopback
    command: [/usr/bin/python3, "-"]
    stdin: |
      import socket
      assert [name for _, name in socket.if_nameindex()] == ["lo"], socket.if_nameindex()
      server = socket.create_server(("127.0.0.1", 0))
      socket.create_connection(server.getsockname())
      try:
          socket.create_connection(("192.0.2.1", 80), timeout=2)
      except OSError as error:
          print(error.errno)
    output: "101"
`

const failingRecipe = `
name: failing
contents:
  packages: [python3]
paths:
  - { type: file, path: /opt/broken, content: no program, permissions: 0o755 }
entrypoint: [/usr/bin/python3]
tests:
  - name: another exit code
    command: [/usr/bin/python3, -c, 'print("leaving"); exit(3)']
  - name: no program
    command: [/opt/broken]
  - name: too slow
    timeout: 1
    command: [/usr/bin/python3, -c, 'import time; time.sleep(600)']
  - name: the service ends
    timeout: 600
    command: [/usr/bin/python3, -c, pass]
    http: { port: 8080 }
  - name: no program beside the service
    timeout: 600
    command: [/usr/bin/python3, -c, 'import time; time.sleep(600)']
    exec:
      - command: [/opt/broken]
  - name: a later command fails
    timeout: 600
    command: [/usr/bin/python3, -c, 'import time; time.sleep(600)']
    exec:
      - command: [/usr/bin/python3, -c, pass]
      - command: [/usr/bin/python3, -c, exit(5)]
`
