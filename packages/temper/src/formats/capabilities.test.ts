import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileCapabilities } from './capabilities.ts'

describe('file capabilities', () => {
  it.each([
    // As `setcap` writes them: getfattr -e hex -n security.capability.
    ['cap_net_bind_service=+ep', '0100000200040000000000000000000000000000', ['net_bind_service']],
    ['cap_net_raw=ep', '0100000200200000000000000000000000000000', ['net_raw']],
    ['cap_setuid=ep', '0100000280000000000000000000000000000000', ['setuid']],
    ['of a user namespace', '010000030020000000000000000000000000000000000000', ['net_raw']],
    ['above 32', '0000000200000000000000008001000000000000', ['bpf', 'checkpoint_restore']],
    ['of the first revision', '010000010100000000000000', ['chown']],
    ['only inheritable', '0000000200000000002000000000000000000000', []],
  ])('%s', (_, hex, expected) => {
    expect(fileCapabilities(Buffer.from(hex, 'hex'))).toEqual(expected)
  })

  it('are undefined where the attribute cannot be read', () => {
    expect(fileCapabilities(Buffer.alloc(0))).toBeUndefined()
    expect(fileCapabilities(Buffer.from('010000020004000000000000', 'hex'))).toBeUndefined()
    expect(fileCapabilities(Buffer.from('0100000400040000000000000000000000000000', 'hex'))).toBeUndefined()
  })

  it('of any bytes are read without an error', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void fileCapabilities(bytes)))
  })
})
