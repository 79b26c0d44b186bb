import { describe, expect, it } from 'vitest'
import { silentProgress } from '../../base/progress.ts'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import type { ContainerResult, ContainerRuntime, ContainerSpec, HttpAnswer } from '../../model/container.ts'
import type { RecipeTest } from '../../model/recipe.ts'
import { runTests } from './run-tests.ts'

const test: RecipeTest = {
  name: 'it works',
  environment: {},
  exitCode: 0,
  output: [],
  exec: [],
  writable: [],
  timeout: 1,
}

interface Script {
  readonly result?: ContainerResult
  /** One for each request; the last stays. */
  readonly answers?: readonly (HttpAnswer | undefined)[]
  /** One for each command beside the service; the last stays. */
  readonly execs?: readonly (Partial<ContainerResult> & { readonly started?: boolean })[]
  readonly ended?: ContainerResult
}

/** A runtime that does what a script says and keeps what it was asked. */
function scripted(script: Script) {
  const specs: ContainerSpec[] = []
  const commands: string[] = []
  let stops = 0
  let requests = 0
  const at = <T>(list: readonly T[] | undefined, index: number) => list?.[Math.min(index, list.length - 1)]
  const runtime: ContainerRuntime = {
    name: 'scripted',
    run: async (spec) => {
      specs.push(spec)
      return script.result ?? { exitCode: 0, output: '' }
    },
    start: async (spec) => {
      specs.push(spec)
      return {
        request: async () => at(script.answers, requests++),
        exec: async (args) => {
          const answer = at(script.execs, commands.length) ?? {}
          commands.push(args.join(' '))
          return { exitCode: 0, output: '', started: true, ...answer }
        },
        ended: () => script.ended,
        stop: async () => {
          stops++
          return script.ended ?? { exitCode: 137, output: 'log of the service' }
        },
      }
    },
    close: async () => {},
  }
  return { runtime, specs, commands, stops: () => stops, requests: () => requests }
}

async function outcome(changes: Partial<RecipeTest>, script: Script) {
  const stage = scripted(script)
  const image = sampleImage([], {
    Entrypoint: ['/app'],
    Cmd: ['--serve'],
    Env: ['PATH=/usr/bin', 'MODE=real'],
    User: '65532',
    Labels: { 'io.temper.writable-paths': '/run/app /tmp' },
    Volumes: { '/data': {} },
  })
  const context = { progress: silentProgress, signal: new AbortController().signal }
  const [result] = await runTests(image, [{ ...test, ...changes }], { runtime: stage.runtime, context })
  return { result, ...stage }
}

const http = { port: 8080, path: '/', status: 200 }

describe('a command', () => {
  it('runs as the image says, with what the test adds', async () => {
    const { result, specs } = await outcome(
      { environment: { MODE: 'test' }, writable: ['/scratch', '/tmp'] },
      {},
    )
    expect(result).toEqual({ name: 'it works', passed: true })
    expect(specs).toEqual([
      {
        args: ['/app', '--serve'],
        environment: ['PATH=/usr/bin', 'MODE=test'],
        workDir: '/',
        user: '65532',
        writable: ['/run/app', '/scratch', '/tmp'],
        volumes: ['/data'],
        ports: [],
        timeout: 1,
      },
    ])
  })

  it.each<[string, Partial<RecipeTest>, ContainerResult, string | undefined]>([
    ['another exit code', {}, { exitCode: 3, output: '' }, 'expected exit code 0, found 3'],
    ['the exit code that is asked for', { exitCode: 3 }, { exitCode: 3, output: '' }, undefined],
    ['missing output', { output: ['a', 'b'] }, { exitCode: 0, output: 'a' }, 'expected "b" in the output'],
    [
      'no end',
      {},
      { exitCode: undefined, output: '' },
      'expected it to end within 1 s, found it still running',
    ],
  ])('is judged by %s', async (_what, changes, result, reason) => {
    expect((await outcome(changes, { result })).result?.reason).toBe(reason)
  })

  it('is needed', async () => {
    const stage = scripted({})
    const context = { progress: silentProgress, signal: new AbortController().signal }
    await expect(
      runTests(sampleImage([]), [test], { runtime: stage.runtime, context }),
    ).rejects.toMatchObject({ code: 'bad-recipe' })
  })
})

describe('a service', () => {
  it('is asked until it answers, and stopped', async () => {
    const answers = [undefined, { status: 503, body: '' }, { status: 200, body: 'Welcome' }]
    const { result, requests, stops, specs } = await outcome(
      { http: { ...http, body: 'Welcome' } },
      { answers },
    )
    expect(result?.passed).toBe(true)
    expect([requests(), specs[0]?.ports]).toEqual([3, [8080]])
    expect(stops()).toBeGreaterThan(0)
  })

  it.each<[string, HttpAnswer, string]>([
    ['status', { status: 404, body: '' }, 'http://127.0.0.1:8080/: expected status 200, found 404'],
    ['body', { status: 200, body: 'no' }, 'http://127.0.0.1:8080/: expected "yes" in the body, found "no"'],
  ])('fails at once with the wrong %s', async (_what, answer, reason) => {
    const { result, requests } = await outcome({ http: { ...http, body: 'yes' } }, { answers: [answer] })
    expect([result?.reason, requests()]).toEqual([reason, 1])
    expect(result?.output).toBe('log of the service')
  })

  it('fails when it never answers, or only that it is not ready', async () => {
    const never = await outcome({ http }, { answers: [undefined] })
    expect(never.result?.reason).toBe('expected http://127.0.0.1:8080/ to answer within 1 s, found nothing')
    const busy = await outcome({ http }, { answers: [{ status: 503, body: '' }] })
    expect(busy.result?.reason).toBe('expected http://127.0.0.1:8080/ to answer within 1 s, found status 503')
  })

  it('may be expected not to be ready', async () => {
    const answers = [{ status: 503, body: '' }]
    expect((await outcome({ http: { ...http, status: 503 } }, { answers })).result?.passed).toBe(true)
  })

  it('fails at once when it has ended', async () => {
    const ended = { exitCode: 1, output: 'bad configuration' }
    const { result, requests } = await outcome({ http }, { answers: [undefined], ended })
    expect(result).toMatchObject({
      reason: 'expected http://127.0.0.1:8080/ to answer, found the container ended (exit code 1)',
      output: 'bad configuration',
    })
    expect(requests()).toBe(1)
  })

  it('must have printed what the test expects', async () => {
    const answers = [{ status: 200, body: '' }]
    const { result } = await outcome({ http, output: ['ready'] }, { answers })
    expect(result?.reason).toBe('expected "ready" in the output')
  })
})

describe('commands beside a service', () => {
  const exec = [
    { command: ['check'], output: ['fine'] },
    { command: ['ask'], output: [] },
  ]

  it('wait for the first to succeed, with its output', async () => {
    const execs = [{ exitCode: 2 }, { output: 'not yet' }, { output: 'fine' }, {}]
    const { result, commands } = await outcome({ exec }, { execs })
    expect([result?.passed, commands]).toEqual([true, ['check', 'check', 'check', 'ask']])
  })

  it('fail at once when a later one fails', async () => {
    const execs = [{ output: 'fine' }, { exitCode: 1, output: 'syntax error' }]
    const { result, commands } = await outcome({ exec }, { execs })
    expect([result?.reason, commands]).toEqual(['ask: exit code 1: syntax error', ['check', 'ask']])
  })

  it('fail at once when the service has already answered', async () => {
    const { commands } = await outcome(
      { exec, http },
      { execs: [{ exitCode: 1 }], answers: [{ status: 200, body: '' }] },
    )
    expect(commands).toEqual(['check'])
  })

  it('fail at once when there is no such program', async () => {
    const { commands } = await outcome({ exec }, { execs: [{ exitCode: 127, started: false }] })
    expect(commands).toEqual(['check'])
  })

  it('fail when the time is up, with what the last one said', async () => {
    const { result, commands } = await outcome({ exec }, { execs: [{ exitCode: 2, output: 'no response' }] })
    expect(result?.reason).toBe('check: exit code 2: no response')
    expect(commands.length).toBeGreaterThan(1)
  })

  it('fail at once when the service has ended', async () => {
    const ended = { exitCode: 1, output: '' }
    const { result, commands } = await outcome({ exec }, { execs: [{ exitCode: 255 }], ended })
    expect(result?.reason).toBe('expected the service to run, found it ended (exit code 1)')
    expect(commands).toHaveLength(1)
  })
})
