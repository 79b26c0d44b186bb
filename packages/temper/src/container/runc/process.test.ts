import { describe, expect, it } from 'vitest'
import { Program, requireProgram, runProgram } from './process.ts'

const sh = (script: string, options = {}) => runProgram('sh', ['-c', script], options)

describe('a program', () => {
  it('gives its exit code and what it printed on both streams', async () => {
    const { exitCode, output } = await sh('echo out; echo err >&2; exit 3')
    expect(exitCode).toBe(3)
    expect(output.split('\n').sort()).toEqual(['', 'err', 'out'])
  })

  it('gets the text for its standard input, or an empty one', async () => {
    expect(await sh('cat', { stdin: 'täxt' })).toEqual({ exitCode: 0, output: 'täxt' })
    expect(await sh('cat')).toEqual({ exitCode: 0, output: '' })
  })

  it('may leave its input unread', async () => {
    expect((await sh('exec <&-; exit 0', { stdin: 'x'.repeat(1 << 20) })).exitCode).toBe(0)
  })

  it('counts a signal as shells do', async () => {
    expect((await sh('kill -TERM $$')).exitCode).toBe(143)
  })

  it('is ended after its time, what it started elsewhere first', async () => {
    const order: string[] = []
    const end = async () => void order.push('end')
    const { exitCode, output } = await sh('echo begun; exec sleep 60', { timeout: 0.3, end })
    expect([exitCode, output, order]).toEqual([undefined, 'begun\n', ['end']])
  })

  it('is killed after its time although ending fails', async () => {
    const end = () => Promise.reject(new Error('cannot end it'))
    expect((await sh('exec sleep 60', { timeout: 0.1, end })).exitCode).toBeUndefined()
  })

  it('does not wait for what holds its output open', async () => {
    expect((await sh('sleep 30 & exit 4')).exitCode).toBe(4)
  })

  it('fails with the reason of the signal, before or while it runs', async () => {
    const controller = new AbortController()
    const program = new Program('sleep', ['60'], { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(program.done).rejects.toThrow('enough')
    expect(program.result).toBeUndefined()
    await expect(sh('sleep 60', { signal: controller.signal })).rejects.toThrow('enough')
  })

  it('keeps the start of a long output', async () => {
    const { output } = await sh('echo start; head -c 3000000 /dev/zero | tr "\\0" x')
    expect([output.length, output.slice(0, 6)]).toEqual([1024 * 1024, 'start\n'])
  })

  it('that is missing is an error of its own', async () => {
    await expect(runProgram('/no/such/program', [])).rejects.toMatchObject({ code: 'tool-missing' })
  })

  it('that has to succeed is named with what it said when it does not', async () => {
    expect(await requireProgram('echo', ['fine'])).toBe('fine\n')
    await expect(requireProgram('sh', ['-c', 'echo bad luck; exit 2'])).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringMatching(/^sh -c .*exit code 2\nbad luck$/s),
    })
  })
})
