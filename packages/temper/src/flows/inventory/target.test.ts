import { describe, expect, it } from 'vitest'
import { parseTarget } from './target.ts'

describe('what a person named', () => {
  it.each([
    ['dir:root', 'directory', 'root'],
    ['sbom:-', 'sbom', '-'],
    ['lock:nginx.lock', 'lock', 'nginx.lock'],
    ['oci:out/nginx', 'image', 'oci:out/nginx'],
    ['registry.example/a.json', 'image', 'registry.example/a.json'],
    ['registry.example:5000/a', 'image', 'registry.example:5000/a'],
  ])('takes %s', (text, kind, path) => {
    expect(parseTarget(text)).toEqual({ kind, path })
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
  ])('says how to write %s', (text, hint) => {
    expect(() => parseTarget(text)).toThrow(expect.objectContaining({ code: 'bad-reference', hint }))
  })
})
