import { expect, test } from 'vitest'
import { archiveUrl } from '../../shared/fetching/mirror.ts'

test.each([
  ['pool/main/p/plus_1.0+ds-1_amd64.deb', 'pool/main/p/plus_1.0%2bds-1_amd64.deb'],
  [
    'pool/main/g/gcc-14/libstdc++6_14.2.0-19_amd64.deb',
    'pool/main/g/gcc-14/libstdc%2b%2b6_14.2.0-19_amd64.deb',
  ],
  ['pool/d/docker_1~3-0~ubuntu_amd64.deb', 'pool/d/docker_1%7e3-0%7eubuntu_amd64.deb'],
  ['pool/a b_1%3a2_amd64.deb', 'pool/a%20b_1%253a2_amd64.deb'],
  ['pool/what?is#this.deb', 'pool/what%3fis%23this.deb'],
  ['dists/stable/InRelease', 'dists/stable/InRelease'],
])('%s is asked for as apt does it', (path, expected) => {
  const url = archiveUrl({ address: 'http://deb.example/debian' } as Parameters<typeof archiveUrl>[0], path)
  expect(url).toBe(`http://deb.example/debian/${expected}`)
  // What stands in a request is what was meant, for a server that decodes it by the standard.
  expect(decodeURIComponent(new URL(url).pathname)).toBe(`/debian/${path}`)
})
