import { describe, expect, it } from 'vitest'
import { parsePurl } from '../../../formats/purl/purl.ts'
import { ImageProduct } from './image-product.ts'

const hex = 'a'.repeat(64)
const digest = `sha256:${hex}`

/** Whether an image that goes by `own` is named by `identifier`. */
function isNamed(own: string | readonly string[], identifier: string): boolean {
  const image = new ImageProduct(typeof own === 'string' ? [own] : own)
  return image.isNamedBy(identifier, parsePurl(identifier))
}

describe('an image', () => {
  it.each<[string, string, boolean]>([
    ['urn:x y', 'urn:x y', true],
    [digest, hex, true],
    [hex, digest, true],
    [hex.toUpperCase(), digest, true],
    [`${hex}0`, digest, false],
    [`sha512:${'a'.repeat(128)}`, `x/web@sha512:${'a'.repeat(128)}`, true],
    ['registry.example/web@sha256:abc', 'registry.example/web', false],
    [`registry.example/web@${digest}`, digest, true],
    [`docker://registry.example/web:1`, 'registry.example/web:1', true],
    [`https://registry.example/web:1`, 'web', true],
    ['registry.example/web:1', 'Registry.Example/Web:1', true],
    ['localhost/web', 'localhost/web', true],
    ['localhost/web', 'web', true],
    ['localhost:5000/web', 'localhost:5000/web', true],
    ['localhost:5000/web', 'localhost/web', false],
    ['mylocalhost/web', 'web', true],
    ['localhosts/web', 'pkg:oci/web?repository_url=localhost', false],
    ['mylocalhost/web', 'pkg:oci/web?repository_url=localhost', false],
    ['team/web', 'team/web', true],
    ['team/web', 'other/web', false],
    ['team/web', 'registry.example/team/web', false],
    ['registry.example/team/web', 'team/web', true],
    ['registry.example/team/web', 'eam/web', false],
    ['docker.io/library/nginx', 'docker.io/nginx', true],
    ['docker.io/nginx', 'index.docker.io/library/nginx', true],
    ['docker.io/nginx', 'registry-1.docker.io/library/nginx', true],
    ['docker.io/nginx', 'my-index.docker.io/library/nginx', false],
    ['docker.io/nginx', 'index.docker.io.example/library/nginx', false],
    ['docker.io/team/library/nginx', 'docker.io/team/nginx', false],
    ['docker.io/team/nginx', 'pkg:oci/nginx?repository_url=docker.io/team/library', false],
    ['docker.io.example/nginx', 'index.docker.io.example/nginx', false],
    ['my-docker.io/nginx', 'my-index.docker.io/nginx', false],
    ['registry.example/localhosts/web', 'localhosts/web', true],
    ['registry.example/mylocalhost/web', 'mylocalhost/web', true],
    [digest, `${hex}0`, false],
    ['registry.example/library/nginx', 'registry.example/nginx', false],
    ['registry.example/nginx', 'pkg:oci/nginx?repository_url=registry.example/library', false],
    ['registry.example/library/nginx', 'pkg:oci/nginx?repository_url=registry.example/library', true],
    ['registry.example/web:1', 'pkg:oci/web?repository_url=http://registry.example//', true],
    ['registry.example/web:1', 'pkg:oci/web?repository_url=https://registry.example/web/', true],
    ['registry.example/web:1', 'pkg:oci/web?repository_url=https://registry.example/web///', true],
    ['registry.example/my.app:1', 'my.app', true],
    ['team/web:1', 'pkg:oci/web?repository_url=team', true],
    ['pkg:generic/web@1?a=1&b=2', 'pkg:generic/web@1?b=2', true],
    ['pkg:generic/web@1?a=1&b=2', 'pkg:generic/web@1?b=3', false],
    ['pkg:generic/web@1?a=1&b=2', 'pkg:generic/web?c=1', false],
    ['pkg:oci/web?arch=amd64', 'pkg:oci/web?arch=amd64', true],
    ['pkg:oci/web?arch=amd64&tag=1', 'pkg:oci/web?arch=amd64', true],
    ['pkg:oci/web?arch=amd64&tag=1', 'pkg:oci/web?arch=arm64', false],
    ['pkg:oci/web?tag=1', 'pkg:oci/web?arch=arm64', false],
    ['pkg:oci/web?arch=amd64&tag=1', 'web', true],
    ['web:1', 'pkg:oci/web@1', true],
    ['web:1', 'pkg:oci/web@2', false],
    ['', '', true],
    [digest, '', false],
    [digest, 'web', false],
    ['registry.example/web', 'registry.example/', false],
  ])('called %s is meant by %s: %j', (own, identifier, expected) => {
    expect(isNamed(own, identifier)).toBe(expected)
  })

  it('has the digests that it goes by', () => {
    const image = new ImageProduct([digest, `web@sha256:${'b'.repeat(64)}`, 'web:1'])
    expect(image.hasDigest(digest)).toBe(true)
    expect(image.hasDigest(`sha256:${'b'.repeat(64)}`)).toBe(true)
    expect(image.hasDigest(`sha256:${'c'.repeat(64)}`)).toBe(false)
    expect(new ImageProduct(['web:1']).hasDigest('undefined')).toBe(false)
  })

  it('is not looked for in texts that are too long to be a name', () => {
    const long = (length: number) => `x/${'a'.repeat(length - 2)}`
    expect(isNamed(`registry.example/${long(900)}`, long(900))).toBe(true)
    expect(isNamed([`${long(1000)}:1`], long(1000))).toBe(false)
    expect(isNamed(`${long(998)}:1`, long(998))).toBe(true)
    expect(isNamed(`${long(1000)}`, `${long(1000)}:1`)).toBe(false)
  })
})

describe('another target', () => {
  it.each([
    ['pkg:generic/app@1?x=y', 'pkg:generic/app@1?x=y', true],
    ['pkg:generic/app@1?x=y', 'pkg:generic/app@1', true],
    ['pkg:generic/app@1?x=y', 'pkg:generic/app', true],
    ['pkg:generic/app@1?x=y', 'pkg:generic/app@2', false],
    ['pkg:generic/app@1', 'pkg:generic/app?x=y', false],
    ['pkg:generic/app@1?x=y', 'pkg:generic/app?x=z', false],
    ['pkg:generic/app@1', 'pkg:generic/other', false],
    ['pkg:generic/team/app@1', 'pkg:generic/app', false],
    ['pkg:generic/app@1', 'pkg:npm/app', false],
    ['web:1', 'pkg:generic/web', false],
  ])('called %s is meant by %s: %j', (own, identifier, expected) => {
    expect(isNamed(own, identifier)).toBe(expected)
  })
})
