import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FakeHost } from '../../test/support/fake-host.ts'
import { writeLayout } from '../flows/assess/fixtures/sample-layout.ts'
import { file, program } from '../rules/image/fixtures/example.ts'
import { plainFiles, plainProgram, plainSettings } from '../rules/image/fixtures/plain-image.ts'
import { checked } from '../secrets/fixtures/sample.ts'
import { run } from './run.ts'

/* Findings name the line of the recipe or Dockerfile that would repair them. */

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-lines-'))
  const settings = { ...plainSettings, User: '', Env: ['NODE_TLS_REJECT_UNAUTHORIZED=0'] }
  const layers = [plainFiles, [file('srv/app.js')], [program('usr/bin/bash', plainProgram)]]
  await writeLayout(join(folder, 'image'), layers, settings, {
    layers: ['# base', 'COPY app.js /srv/ # buildkit', 'RUN /bin/sh -c get bash # buildkit'],
    after: ['ENV NODE_TLS_REJECT_UNAUTHORIZED=0', 'USER 1000', 'USER root'],
  })
  await writeFile(
    join(folder, 'Dockerfile'),
    [
      'FROM example/base',
      'COPY app.js /srv/',
      'RUN get \\',
      '    bash',
      'ENV NODE_TLS_REJECT_UNAUTHORIZED=0',
      'USER 1000',
      'USER root',
      '',
    ].join('\n'),
  )
  await writeFile(join(folder, 'other'), 'FROM example/base\nRUN something else\n')
  await writeFile(
    join(folder, 'recipe.yaml'),
    'contents: { packages: [bash] }\nenvironment:\n  NODE_TLS_REJECT_UNAUTHORIZED: "0"\n',
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Told {
  readonly rule: string
  readonly instruction?: string
  readonly source?: { readonly file: string; readonly line?: number; readonly key: string }
}

async function assess(...args: readonly string[]) {
  const host = new FakeHost({ workingDir: folder, env: { TEMPER_CACHE_DIR: join(folder, 'cache') } })
  const code = await run(['assess', 'oci:image', ...args], host)
  return { code, out: host.out, err: host.err }
}

async function findings(...args: readonly string[]): Promise<ReadonlyMap<string, Told>> {
  const { code, out, err } = await assess(...args, '--json')
  expect([code, err]).toEqual([0, err])
  const { findings } = JSON.parse(out) as { readonly findings: readonly Told[] }
  return new Map(findings.map((finding) => [finding.rule, finding]))
}

it('the instructions of an image from elsewhere, as its history has them', async () => {
  const byRule = await findings()
  expect(byRule.get('shell')?.instruction).toBe('RUN get bash')
  expect(byRule.get('weak-tls')?.instruction).toBe('ENV NODE_TLS_REJECT_UNAUTHORIZED=0')
  expect(byRule.get('root-user')?.instruction).toBe('USER root')
  expect([...byRule.values()].filter(({ source }) => source !== undefined)).toEqual([])
})

it('the lines of its Dockerfile', async () => {
  const byRule = await findings('--source', 'Dockerfile')
  const file = 'Dockerfile'
  expect(byRule.get('shell')?.source).toEqual({ file, line: 3, key: 'RUN', change: 'change' })
  expect(byRule.get('weak-tls')?.source).toEqual({ file, line: 5, key: 'ENV', change: 'change' })
  expect(byRule.get('root-user')?.source).toEqual({ file, line: 7, key: 'USER', change: 'change' })
})

it('for people, beside what to do', async () => {
  const { out } = await assess('--source', 'Dockerfile')
  expect(out.replaceAll(/\s+/g, ' ')).toContain('[Dockerfile:5: ENV] (weak-tls)')
})

it('a Dockerfile of another image is told', async () => {
  const { code, err } = await assess('--source', 'other')
  expect(code).toBe(0)
  expect(err).toContain('The history of the image shows nothing that other runs')
})

it('the lines of a recipe', async () => {
  const byRule = await findings('--source', 'recipe.yaml')
  const file = 'recipe.yaml'
  const key = 'environment.NODE_TLS_REJECT_UNAUTHORIZED'
  expect(byRule.get('weak-tls')?.source).toEqual({ file, line: 3, key, change: 'change' })
  expect(byRule.get('root-user')?.source).toEqual({ file, key: 'accounts.run-as', change: 'add' })
})

it('SARIF relates results to them', async () => {
  const { out } = await assess('--source', 'Dockerfile', '--format', 'sarif')
  const { runs } = JSON.parse(out)
  const result = runs[0].results.find(({ ruleId }: { readonly ruleId: string }) => ruleId === 'weak-tls')
  expect(result.relatedLocations[0].physicalLocation).toEqual({
    artifactLocation: { uri: 'Dockerfile' },
    region: { startLine: 5 },
  })
})

it('an instruction with a secret is told without it, wherever it is told', async () => {
  const secret = checked('ghp')
  const made = {
    layers: ['# base', `RUN /bin/sh -c get --token ${secret} # buildkit`],
    after: ['USER 65532'],
  }
  const layers = [plainFiles, [program('usr/bin/bash', plainProgram)]]
  await writeLayout(join(folder, 'secret'), layers, plainSettings, made)
  for (const format of ['json', 'html', 'sarif', 'markdown', 'terminal']) {
    const host = new FakeHost({ workingDir: folder, env: { TEMPER_CACHE_DIR: join(folder, 'cache') } })
    expect(await run(['assess', 'oci:secret', '--verbose', '--format', format], host)).toBe(0)
    expect(host.out).toContain('secret-in-history')
    expect(host.out).not.toContain(secret)
    if (format === 'json') expect(host.out).toContain('"instruction": "RUN …"')
  }
})

it('a file that is not there is no recipe', async () => {
  const { code, err } = await assess('--source', 'nothing.yaml')
  expect(code).toBe(2)
  expect(err).toContain('there is no recipe "nothing.yaml"')
})
