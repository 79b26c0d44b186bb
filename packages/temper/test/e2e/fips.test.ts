import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tryDebianTool } from '../support/debian-tool.ts'
import { temper, temperJson } from '../support/temper-cli.ts'

/* A recipe that asks for FIPS gets it: the real tools in the image say so, and so does what Temper says of the image. */

const runc = process.getuid?.() === 0 ? await tryDebianTool('runc') : undefined

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-fips-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function recipe(name: string, text: string): string {
  const file = join(folder, `${name}.yaml`)
  writeFileSync(file, text)
  return file
}

const modulePath = '/usr/lib/x86_64-linux-gnu/ossl-modules/fips.so'

const whole = `
name: fips
contents:
  packages: [openssl, python3]
fips: true
entrypoint: [/usr/bin/openssl]
tests:
  - name: the provider is active
    command: [/usr/bin/openssl, list, -providers]
    output: [OpenSSL FIPS Provider, "status: active"]
  - name: fipsmodule.cnf is what fipsinstall writes
    command: [/usr/bin/python3, "-"]
    writable: [/tmp]
    stdin: |
      import os, subprocess
      install = ["/usr/bin/openssl", "fipsinstall", "-module", "${modulePath}", "-out", "/tmp/made.cnf"]
      environment = {**os.environ, "OPENSSL_CONF": "/dev/null"}
      said = subprocess.run(install, env=environment, capture_output=True, text=True)
      made, ours = open("/tmp/made.cnf").read(), open("/etc/ssl/fipsmodule.cnf").read()
      print("the same" if made == ours else said.stderr[-200:] + made + ours)
    output: the same
  - name: what is approved is computed
    command: [/usr/bin/openssl, dgst, -sha256, /etc/passwd]
    output: SHA2-256
  - name: what is not approved is refused
    command: [/usr/bin/openssl, dgst, -md5, /etc/passwd]
    exit-code: 1
    output: unsupported
  - name: libraries are held to it as well
    command: [/usr/bin/python3, "-"]
    stdin: |
      import ssl
      print(sorted({cipher["name"] for cipher in ssl.create_default_context().get_ciphers()}))
    output: [TLS_AES_256_GCM_SHA384]
`

interface Report {
  readonly findings: readonly { readonly rule: string; readonly found: string }[]
  readonly fips?: {
    readonly active: boolean
    readonly claimed?: string
    readonly modules: readonly unknown[]
  }
}

describe.skipIf(runc === undefined)('fips: true', () => {
  it('is active under runc, and told of the image', async () => {
    const out = join(folder, 'whole')
    const outcome = await temperJson<{ results: readonly { passed: boolean }[] }>([
      ...['test', recipe('whole', whole), '-o', out, '--runtime', 'runc'],
    ])
    expect(outcome.results.filter(({ passed }) => !passed)).toEqual([])
    expect(outcome.results).toHaveLength(5)

    const { fips, findings } = await temperJson<Report>(['assess', `oci:${out}`])
    expect(fips).toMatchObject({
      claimed: 'io.temper.fips',
      active: true,
      missing: [],
      certificates: [],
      modules: [
        {
          path: modulePath,
          name: 'OpenSSL FIPS Provider',
          version: expect.stringMatching(/^3\.\d+\.\d+$/),
          package: expect.stringMatching(/^openssl-provider-fips 3\./),
        },
      ],
    })
    expect(findings.filter(({ rule }) => rule === 'fips')).toEqual([])
    const text = await temper(['assess', `oci:${out}`])
    expect(text.stdout.replace(/\s+/g, ' ')).toContain('validated is its vendor')
  }, 120_000)
})

it('is refused where the recipe’s own configuration does without it', async () => {
  const file = recipe(
    'replaced',
    `
name: replaced
contents: { packages: [libssl3t64] }
fips: true
paths:
  - { type: file, path: /etc/ssl/openssl.cnf, content: "# nothing" }
`,
  )
  const { code, stderr } = await temper(['build', file, '-o', join(folder, 'replaced')])
  expect({ code, stderr }).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('/etc/ssl/openssl.cnf does not load it'),
  })
}, 120_000)

it('is refused where the release has no module', async () => {
  const file = recipe(
    'old',
    'name: old\ndistribution: debian-12\ncontents: { packages: [libssl3] }\nfips: true\n',
  )
  const { code, stderr } = await temper(['lock', file, '-o', join(folder, 'old.lock.json')])
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('debian-12') })
})
