import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImageSubject } from '../subject.ts'
import { weakTls } from './weak-tls.ts'

/** Whether the rule minds what an image sets. */
function minds(name: string, value: string): boolean {
  const settings = { Env: [`${name}=${value}`] }
  const subject = { image: { settings } } as unknown as ImageSubject
  return [...weakTls.check(subject)].length > 0
}

const folder = mkdtempSync(join(tmpdir(), 'temper-weak-tls-'))
const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost'
const hasOpenssl =
  spawnSync('openssl', [
    ...request.split(' '),
    '-keyout',
    join(folder, 'key'),
    '-out',
    join(folder, 'certificate'),
  ]).status === 0
let server: Server | undefined

beforeAll(async () => {
  if (!hasOpenssl) return
  const [key, cert] = ['key', 'certificate'].map((name) => readFileSync(join(folder, name)))
  server = createServer({ key, cert }, (_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server?.close()
  rmSync(folder, { recursive: true })
})

interface Program {
  readonly command: string
  readonly words: (address: string) => readonly string[]
  /** What it prints once it has spoken with a server whom nobody vouches for. */
  readonly spoke: RegExp
}

const programs: Readonly<Record<string, Program>> = {
  git: { command: 'git', words: (address) => ['ls-remote', address], spoke: /not found/ },
  node: {
    command: process.execPath,
    words: (address) => ['-e', `fetch('${address}').then((r) => console.log('spoke', r.status), () => {})`],
    spoke: /spoke 404/,
  },
  python: {
    command: 'python3',
    words: (address) => [
      '-c',
      `import urllib.request, urllib.error\ntry: urllib.request.urlopen('${address}')\nexcept urllib.error.HTTPError as e: print('spoke', e.code)\nexcept Exception: pass`,
    ],
    spoke: /spoke 404/,
  },
  perl: {
    command: 'perl',
    words: (address) => [
      '-MLWP::UserAgent',
      '-e',
      `print "spoke ", LWP::UserAgent->new->get('${address}')->code`,
    ],
    spoke: /spoke 404/,
  },
}

const can = (program: string, ...words: readonly string[]) => spawnSync(program, words).status === 0
const there: Readonly<Record<string, boolean>> = {
  git: can('git', '--version'),
  node: true,
  python: can('python3', '-c', 'import ssl'),
  perl: can('perl', '-MLWP::Protocol::https', '-MLWP::UserAgent', '-e', '1'),
}

/** Whether a program takes a certificate that nobody signed, with a variable set. */
function speaks(name: keyof typeof programs, variable: string, value: string): Promise<boolean> {
  const { command, words, spoke } = programs[name] as Program
  const port = (server?.address() as AddressInfo | undefined)?.port ?? 0
  const env = { PATH: process.env.PATH, HOME: folder, [variable]: value, GIT_TERMINAL_PROMPT: '0' }
  return new Promise((resolve) => {
    execFile(command, words(`https://localhost:${port}/x`), { env, timeout: 30_000 }, (_, stdout, stderr) =>
      resolve(spoke.test(stdout + stderr)),
    )
  })
}

describe.skipIf(!hasOpenssl)('a variable that turns checks off in the program that reads it', () => {
  it.each<[string, string, string]>([
    ['git', 'GIT_SSL_NO_VERIFY', '1'],
    ['git', 'GIT_SSL_NO_VERIFY', 'true'],
    ['git', 'GIT_SSL_NO_VERIFY', '0'],
    ['git', 'GIT_SSL_NO_VERIFY', 'false'],
    ['git', 'GIT_SSL_NO_VERIFY', ''],
    ['git', 'GIT_SSL_VERIFY', '1'],
    ['node', 'NODE_TLS_REJECT_UNAUTHORIZED', '0'],
    ['node', 'NODE_TLS_REJECT_UNAUTHORIZED', '1'],
    ['node', 'NODE_TLS_REJECT', '0'],
    ['node', 'NODE_EXTRA_CA_CERTS', '/none'],
    ['python', 'PYTHONHTTPSVERIFY', '1'],
    ['python', 'PYTHONWARNINGS', 'ignore'],
    ['perl', 'PERL_LWP_SSL_VERIFY_HOSTNAME', '0'],
    ['perl', 'PERL_LWP_SSL_VERIFY_HOSTNAME', '1'],
  ])('%s with %s=%j is told, and only such a one', async (program, variable, value) => {
    if (there[program] !== true) return
    expect(minds(variable, value)).toBe(await speaks(program, variable, value))
  })

  it('is not taken for set where nothing is', async () => {
    expect(await speaks('git', 'OTHER', '1')).toBe(false)
    expect(await speaks('node', 'OTHER', '1')).toBe(false)
  })
})

describe('protocols of Go by what its programs take', () => {
  it.each([
    ['x509sha1=1', true],
    ['http2client=0,tls10server=1', true],
    ['x509sha1=0', false],
    ['netdns=go', false],
    ['xx509sha1=1', false],
  ])('GODEBUG=%s is told: %s', (value, expected) => {
    expect(minds('GODEBUG', value)).toBe(expected)
  })
})

describe('options of Java and Node.js', () => {
  const java = (option: string) => minds('JAVA_TOOL_OPTIONS', option)

  it.each([
    ['-Dhttps.protocols=TLSv1.2', false],
    ['-Dhttps.protocols=TLSv1.2,TLSv1.3', false],
    ['-Dhttps.protocols=TLSv1', true],
    ['-Dhttps.protocols=TLSv1.3,TLSv1.1', true],
    ['-Dhttps.protocols="SSLv3"', true],
    ['-Xmx1g -Dhttps.protocols=TLSv1.1 -ea', true],
    ['-Djdk.internal.httpclient.disableHostnameVerification=true', true],
    ['-Djdk.internal.httpclient.disableHostnameVerification=false', false],
  ])('%s is told: %s', (option, expected) => {
    expect(java(option)).toBe(expected)
  })

  it('are options that Node.js knows', () => {
    for (const option of ['--tls-min-v1.0', '--tls-min-v1.1', '--tls-max-v1.2', '--insecure-http-parser']) {
      const version = execFileSync(process.execPath, [option, '--version'], { encoding: 'utf8' })
      expect(version).toMatch(/^v\d/)
      expect(minds('NODE_OPTIONS', option)).toBe(!option.endsWith('v1.2'))
    }
  })
})
