import { describe, expect, it } from 'vitest'
import { bytesOf, collect } from '../../base/bytes.ts'
import type { ScanTarget } from '../../flows/inventory/target.ts'
import { parseReference } from '../../oci/reference.ts'
import { parseTarget } from './target-argument.ts'

const host = { readInput: async () => Buffer.from('piped') }

describe('what a person named', () => {
  it.each<[string, ScanTarget]>([
    ['dir:root', { kind: 'directory', path: 'root' }],
    ['dir:-', { kind: 'directory', path: '-' }],
    ['sbom:a.json', { kind: 'sbom', path: 'a.json' }],
    ['lock:nginx.lock', { kind: 'lock', path: 'nginx.lock' }],
    ...['oci:out/nginx', 'registry.example/a.json', 'registry.example:5000/a', 'docker-archive:a.tar'].map(
      (text): [string, ScanTarget] => [text, { kind: 'image', reference: parseReference(text) }],
    ),
  ])('takes %s', (text, target) => {
    expect(parseTarget(text, host)).toEqual(target)
  })

  it('may be piped in', async () => {
    const target = parseTarget('sbom:-', host)
    expect(target).toMatchObject({ kind: 'sbom', path: '-' })
    const bytes = await collect(
      target.kind === 'sbom' && target.open ? target.open() : bytesOf(Buffer.from('')),
      { limit: 10, what: 'it' },
    )
    expect(Buffer.from(bytes).toString()).toBe('piped')
  })

  it.each([
    ['./root', 'Write dir:./root or oci:./root.'],
    ['/srv/root', 'Write dir:/srv/root or oci:/srv/root.'],
    ['..', 'Write dir:.. or oci:...'],
    ['web.cdx.json', 'Write sbom:web.cdx.json.'],
    ['../web.cdx.xml.gz', 'Write sbom:../web.cdx.xml.gz.'],
    ['nginx.lock.json', 'Write lock:nginx.lock.json.'],
    ['web.tar', 'Write oci-archive:web.tar or docker-archive:web.tar.'],
    ['-', 'Write sbom:-.'],
    ['dir:', 'Write dir:PATH, sbom:FILE, sbom:- or lock:FILE.'],
    ['lock:a\0b', 'Write dir:PATH, sbom:FILE, sbom:- or lock:FILE.'],
  ])('says how to write %s', (text, hint) => {
    expect(() => parseTarget(text, host)).toThrow(expect.objectContaining({ code: 'bad-reference', hint }))
  })
})
