import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { catalogImage } from '../support/catalog.ts'
import {
  actionInputs,
  actionSteps,
  componentInputs,
  componentJob,
  type PipelineStep,
  type Values,
} from '../support/pipeline.ts'
import { temperProgram } from '../support/program.ts'
import { readRepositoryFile } from '../support/source-files.ts'
import { sharedCache } from '../support/temper-cli.ts'

/* The scripts of the GitHub Action and of the GitLab component, run as a runner would run them. */

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-pipelines-'))
  await mkdir(join(folder, 'real'))
  await mkdir(join(folder, 'recorder'))
  await writeProgram(
    'real/temper',
    `#!/bin/sh\nexec ${[process.execPath, ...temperProgram].join(' ')} "$@"\n`,
  )
  // Each word on a line of its own, line breaks in it as they are: what a program gets, and what the settings say.
  const record =
    'printf "<%s>\\n" "$0" "$@" >> "$RECORD"; env -0 | grep -z ^TEMPER_ | tr "\\0" "\\n" >> "$RECORD" || true\n'
  for (const name of ['temper', 'gh', 'npm', 'jq'])
    await writeProgram(`recorder/${name}`, `#!/bin/sh\n${record}`)
  await writeProgram('real/gh', `#!/bin/sh\n${record}`)
  const { layout } = await catalogImage('nginx')
  await cp(layout, join(folder, 'out/image'), { recursive: true })
  await writeFile(join(folder, 'advisories.ndjson'), `${JSON.stringify(advisory)}\n`)
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(async () => {
  for (const name of ['record', 'output', 'summary', 'temper.md', 'temper.sarif'])
    await rm(join(folder, name), { force: true })
  await writeFile(join(folder, 'record'), '')
})

const advisory = {
  schema_version: '1.6.0',
  id: 'CVE-2026-0001',
  modified: '2026-01-10T00:00:00Z',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  affected: [
    {
      package: { ecosystem: 'Debian:13', name: 'nginx' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '99.0' }] }],
    },
  ],
}

async function writeProgram(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), script)
  await chmod(join(folder, name), 0o755)
}

/** Runs a step with the programs of a folder in front; gives the exit code. */
async function run(step: PipelineStep, programs: 'real' | 'recorder', more: Values = {}): Promise<number> {
  const env = {
    PATH: `${join(folder, programs)}:${process.env['PATH']}`,
    HOME: folder,
    TEMPER_CACHE_DIR: sharedCache(),
    RUNNER_TEMP: folder,
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
    RECORD: join(folder, 'record'),
    ...step.env,
    ...more,
  }
  return await new Promise((resolve) => {
    execFile('bash', ['-eo', 'pipefail', '-c', step.script], { cwd: folder, env }, (error) =>
      resolve(Number(error?.code ?? 0)),
    )
  })
}

/** What the steps wrote for each other. */
function outputs(): Values {
  const file = join(folder, 'output')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  return Object.fromEntries(
    lines.map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  )
}

async function runAction(
  inputs: Values,
  programs: 'real' | 'recorder',
): Promise<readonly (readonly [string, number])[]> {
  const values = () => ({
    ...Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [name.includes('.') ? name : `inputs.${name}`, value]),
    ),
    'steps.scan.outputs.code': outputs()['code'] ?? '0',
    // The recorder writes no files.
    'steps.scan.outputs.written': programs === 'recorder' ? 'true' : (outputs()['written'] ?? ''),
  })
  const codes: [string, number][] = []
  for (const step of actionSteps(values)) {
    const code = await run(step, programs)
    codes.push([step.name, code])
    if (code !== 0) break
  }
  return codes
}

const pullRequest = {
  'github.event_name': 'pull_request',
  'github.repository': 'team/web',
  'github.event.pull_request.number': '7',
}

describe('the GitHub Action', () => {
  it('scans, comments on the pull request, and then says no', { timeout: 120_000 }, async () => {
    const inputs = { feeds: 'advisories.ndjson', 'fail-on': 'critical', ...pullRequest }
    expect(await runAction(inputs, 'real')).toEqual([
      ['Install Temper', 0],
      ['Scan', 0],
      ['Comment', 0],
      ['Gate', 1],
    ])
    expect(outputs()).toMatchObject({ code: '1', passed: 'false' })
    expect(await readFile(join(folder, 'temper.md'), 'utf8')).toContain('CVE-2026-0001')
    expect(await readFile(join(folder, 'summary'), 'utf8')).toContain('CVE-2026-0001')
    expect(JSON.parse(await readFile(join(folder, 'temper.sarif'), 'utf8'))).toMatchObject({
      version: '2.1.0',
    })
    expect(await readFile(join(folder, 'record'), 'utf8')).toContain('<7>\n<--repo>\n<team/web>\n')
  })

  it('passes what breaks no rule', { timeout: 120_000 }, async () => {
    const codes = await runAction({ feeds: 'advisories.ndjson', 'fail-on': 'kev', comment: 'false' }, 'real')
    expect(codes.at(-1)).toEqual(['Gate', 0])
  })

  it('fetches no advisories when it only verifies', async () => {
    const inputs = { image: 'registry.example/web:1', 'verify-key': 'key.pub', scan: 'false' }
    const record = async () => await readFile(join(folder, 'record'), 'utf8')
    expect((await runAction(inputs, 'recorder')).every(([, code]) => code === 0)).toBe(true)
    expect(await run(componentJob(inputs), 'recorder')).toBe(0)
    expect(await record()).toContain('<verify>')
    expect(await record()).not.toContain('<feeds>')
    await runAction({ ...inputs, scan: 'true' }, 'recorder')
    expect(await record()).toContain('<feeds>\n<update>')
  })

  it('puts no input into the text of a script', () => {
    const scripts = readRepositoryFile('action.yml')
      .split('\n')
      .filter((line) => /^ {8,}\S/.test(line))
    const texts = [...actionSteps(() => ({ 'inputs.recipe': 'x', 'inputs.verify-key': 'y', ...pullRequest }))]
    expect(scripts.length).toBeGreaterThan(0)
    for (const { script } of texts) expect(script).not.toContain('${{')
  })
})

describe('inputs with quotes, blanks, line breaks and $(…)', () => {
  const nasty = `a "b' \n$(touch INJECTED) \`touch INJECTED\`; touch INJECTED #`

  // Each alone, too: what one closes another could have opened. GitHub and GitLab put inputs into values that are parsed.
  it.each([
    "it's",
    "'; touch INJECTED; '",
    '"; touch INJECTED; "',
    '$(touch INJECTED)',
    '`touch INJECTED`',
    'a\ntouch INJECTED',
    '$HOME \u0024{HOME} $$ %HOME%',
    'a\\\' \\" \\',
    '$[[ inputs.image ]] \u0024{{ github.token }}',
    '--output=INJECTED',
    '-o INJECTED',
    '!reference [x]',
    '# : - {a: b}',
    '../INJECTED',
    '*',
    ' ',
  ])('%j is what programs get', async (value) => {
    const action = Object.fromEntries(actionInputs().map((name) => [name, value]))
    const component = Object.fromEntries(componentInputs().map((name) => [name, value]))
    await runAction({ ...action, scan: 'true', ...pullRequest }, 'recorder')
    expect(await run(componentJob({ ...component, scan: 'true' }), 'recorder')).toBe(0)
    expect(existsSync(join(folder, 'INJECTED'))).toBe(false)
    const record = await readFile(join(folder, 'record'), 'utf8')
    // Behind "--" nothing is an option.
    expect(record.split(`<-->\n<${value}>\n`).length - 1).toBeGreaterThanOrEqual(6)
    expect(record.split(`TEMPER_SCAN_FAIL_ON=${value}\n`).length - 1).toBeGreaterThanOrEqual(2)
  })

  it('are data to the action', async () => {
    const all = Object.fromEntries(actionInputs().map((name) => [name, nasty]))
    const inputs = { ...all, scan: 'true', comment: 'true', feeds: nasty, ...pullRequest }
    const codes = await runAction(inputs, 'recorder')
    expect(codes.map(([name]) => name)).toEqual([
      'Install Temper',
      'Build',
      'Verify',
      'Scan',
      'Comment',
      'Gate',
    ])
    expect(existsSync(join(folder, 'INJECTED'))).toBe(false)
    const record = await readFile(join(folder, 'record'), 'utf8')
    expect(record).toContain(`<build>\n<--json>\n<-->\n<${nasty}>\n`)
    expect(record).toContain(`TEMPER_SCAN_FAIL_ON=${nasty}\n`)
    expect(record).toContain(`<-->\n<${nasty}>\n`)
  })

  it('are data to the component', async () => {
    const all = Object.fromEntries(componentInputs().map((name) => [name, nasty]))
    const job = componentJob({ ...all, scan: 'true', comment: 'false' })
    expect(await run(job, 'recorder')).toBe(0)
    expect(existsSync(join(folder, 'INJECTED'))).toBe(false)
    const record = await readFile(join(folder, 'record'), 'utf8')
    for (const word of ['build', 'verify', 'scan']) expect(record).toContain(`<${word}>\n`)
    expect(record).toContain(`TEMPER_BUILD_TAG=${nasty}\n`)
  })
})

describe('the examples of the page', () => {
  const page = readRepositoryFile('docs/how-to/github-and-gitlab.md')
  const examples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => parse(match[1] ?? ''))

  it('run with the inputs that they name', async () => {
    const known = new Set([...actionInputs(), ...componentInputs()])
    const given = examples.flatMap(({ jobs = {}, include = [] }) => [
      ...Object.values(jobs as Record<string, { steps: { uses: string; with?: Values }[] }>).flatMap(
        ({ steps }) =>
          steps.flatMap(({ uses, with: inputs }) =>
            uses.startsWith('temper-images/') && inputs ? [inputs] : [],
          ),
      ),
      ...(include as { inputs: Values }[]).map(({ inputs }) => inputs),
    ])
    expect(given.length).toBe(4)
    for (const inputs of given) {
      expect(Object.keys(inputs).filter((name) => !known.has(name))).toEqual([])
      const texts = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, String(value)]))
      expect((await runAction(texts, 'recorder')).every(([, code]) => code === 0)).toBe(true)
    }
  })
})

describe('the GitLab component', () => {
  it('has the inputs of the action, but for what GitLab has otherwise', () => {
    const own = ['job-name', 'stage', 'image-of-job']
    const theirs = ['key-password', 'sarif', 'token', 'cache']
    expect(
      componentInputs()
        .filter((name) => !own.includes(name))
        .sort(),
    ).toEqual(
      actionInputs()
        .filter((name) => !theirs.includes(name))
        .sort(),
    )
  })

  it('scans and says no', { timeout: 120_000 }, async () => {
    const job = componentJob({ feeds: 'advisories.ndjson', 'fail-on': 'critical' })
    expect(await run(job, 'real', { TEMPER_CACHE_DIR: sharedCache() })).toBe(1)
    const report = JSON.parse(await readFile(join(folder, 'gl-container-scanning-report.json'), 'utf8'))
    expect(report.vulnerabilities.length).toBeGreaterThan(0)
  })
})
