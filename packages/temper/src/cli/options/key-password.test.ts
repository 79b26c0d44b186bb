import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { FakeHost } from '../../../test/support/fake-host.ts'
import { keyPassword, newKeyPassword } from './key-password.ts'
import { askSecret } from './secret-input.ts'

describe('the password of a key', () => {
  it.each([
    [{ TEMPER_KEY_PASSWORD: 'a', COSIGN_PASSWORD: 'b' }, 'a'],
    [{ COSIGN_PASSWORD: 'b' }, 'b'],
    [{ COSIGN_PASSWORD: '' }, ''],
  ])('comes from the environment %j', async (env, expected) => {
    const host = new FakeHost({ env })
    expect(await keyPassword(host)).toBe(expected)
    expect(await newKeyPassword(host)).toBe(expected)
  })

  it('is asked for, twice for a new key', async () => {
    const host = new FakeHost()
    host.secrets.push('typed', 'new', 'new', 'new', 'another')
    expect(await keyPassword(host)).toBe('typed')
    expect(await newKeyPassword(host)).toBe('new')
    await expect(newKeyPassword(host)).rejects.toMatchObject({ code: 'bad-usage' })
  })

  it('is missed when nobody is there', async () => {
    await expect(keyPassword(new FakeHost())).rejects.toMatchObject({ code: 'bad-key' })
  })
})

describe('a secret on the terminal', () => {
  class Terminal extends EventEmitter {
    raw: boolean[] = []
    written = ''
    interrupted = 0
    setRawMode(mode: boolean): this {
      this.raw.push(mode)
      return this
    }
    pause(): this {
      return this
    }
    resume(): this {
      return this
    }
  }
  const ask = (terminal: Terminal) =>
    askSecret('Secret: ', {
      input: terminal,
      output: {
        write: (text) => {
          terminal.written += text
        },
      },
      interrupt: () => {
        terminal.interrupted++
      },
    })

  it.each([
    ['a line', ['abc\r'], 'abc'],
    ['pieces, the last with more behind it', ['a', 'bc', '\nrest'], 'abc'],
    ['corrections', ['axy\x7f\bb\n'], 'ab'],
    ['a letter that comes in two pieces', [Buffer.from([0xc3]), Buffer.from([0xa9, 0x0a])], 'é'],
    ['control characters', ['a\x1b\x00b\n'], 'ab'],
    ['nothing but the end', ['\x04'], undefined],
  ])('is read from %s and not shown', async (_what, pieces, expected) => {
    const terminal = new Terminal()
    const asked = ask(terminal)
    for (const piece of pieces) terminal.emit('data', Buffer.from(piece))
    expect(await asked).toBe(expected)
    expect(terminal.written).toBe('Secret: \n')
    expect(terminal.raw).toEqual([true, false])
    expect(terminal.listenerCount('data')).toBe(0)
  })

  it('stops the program with Ctrl-C', async () => {
    const terminal = new Terminal()
    const asked = ask(terminal)
    terminal.emit('data', Buffer.from('abc\x03'))
    expect(await asked).toBeUndefined()
    expect(terminal.interrupted).toBe(1)
  })
})
