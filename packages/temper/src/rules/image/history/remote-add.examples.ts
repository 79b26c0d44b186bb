import type { Examples } from '../example.ts'

const history = (by: string) => ({ history: [{ created: '2026-05-30T00:00:00Z', created_by: by }] })

export const examples: Examples = {
  broken: [{ title: 'an address', config: history('ADD https://example.org/app.tar.gz /srv/ # buildkit') }],
  kept: [
    {
      title: 'with its checksum',
      config: history(`ADD --checksum=sha256:${'a'.repeat(64)} https://example.org/app.tar.gz /srv/`),
    },
    { title: 'a file', config: history('ADD rootfs.tar.xz / # buildkit') },
  ],
}
