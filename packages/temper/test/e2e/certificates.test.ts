import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestOutcome } from '../../src/flows/test/test.ts'
import { tryDebianTool } from '../support/debian-tool.ts'
import { temper } from '../support/temper-cli.ts'

/* What `--certificate` adds is trusted by real clients that meet a real server, and by none without it. */

const isRoot = process.getuid?.() === 0
const runc = isRoot ? await tryDebianTool('runc') : undefined
const hasOpenssl = spawnSync('openssl', ['version'], { stdio: 'ignore' }).status === 0

const server = `
import http.server, ssl, subprocess, sys, threading, urllib.request
made = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain("/srv/server.crt", "/srv/server.key")
made.socket = tls.wrap_socket(made.socket, server_side=True)
threading.Thread(target=made.serve_forever, daemon=True).start()
address = "https://localhost:%d/server.crt" % made.server_port
if sys.argv[1] == "python":
    print("python got", urllib.request.urlopen(address, timeout=20).status)
else:
    sys.exit(subprocess.run(["/usr/bin/curl", "-sS", "-o", "/dev/null", "-w", "curl got %{http_code}", address]).returncode)
`

const recipe = `
name: trusting
extends: python
contents:
  packages: [curl]
  files:
    - { path: /srv/server.py, source: server.py }
    - { path: /srv/server.crt, source: server.crt }
    - { path: /srv/server.key, source: server.key, mode: "0644" }
work-dir: /srv
tests:
  - { name: python trusts it, command: [/usr/bin/python3, /srv/server.py, python], output: python got 200 }
  - { name: curl trusts it, command: [/usr/bin/python3, /srv/server.py, curl], output: curl got 200 }
`

const clients = ['python trusts it', 'curl trusts it']

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-certificates-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function makeCertificates(): void {
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  const key = ['-newkey', 'rsa:2048', '-nodes']
  const authority = [
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
  ]
  const [root, request] = ['/O=Example Corp/CN=Example Corp Root', '/CN=localhost']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', root, ...authority)
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', request)
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost\nauthorityKeyIdentifier=keyid\n')
  const signer = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-set_serial', '7']
  openssl('x509', '-req', '-in', 'server.csr', ...signer, '-out', 'server.crt', '-extfile', 'names')
}

describe.skipIf(runc === undefined || !hasOpenssl)('a company certificate', () => {
  it('is what clients in the image need to trust its server', async () => {
    makeCertificates()
    writeFileSync(join(folder, 'server.py'), server)
    writeFileSync(join(folder, 'trusting.yaml'), recipe)
    const outcome = async (...more: readonly string[]) => {
      const args = ['test', 'trusting.yaml', '--runtime', 'runc', '--json', ...more]
      const { stdout, stderr } = await temper(args, { cwd: folder })
      if (stdout === '') throw new Error(stderr)
      const { results } = JSON.parse(stdout) as TestOutcome
      return results.filter(({ name }) => clients.includes(name))
    }
    const trusting = await outcome('--certificate', 'ca.crt')
    expect(trusting.map(({ name, passed }) => [name, passed])).toEqual(clients.map((name) => [name, true]))
    rmSync(join(folder, 'trusting.lock.json'), { force: true })
    const others = await outcome()
    expect(others.map(({ name, passed }) => [name, passed])).toEqual(clients.map((name) => [name, false]))
    expect(JSON.stringify(others)).toMatch(/CERTIFICATE_VERIFY_FAILED/i)
  }, 240_000)
})
