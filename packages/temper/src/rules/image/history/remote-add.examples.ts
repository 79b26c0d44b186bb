import type { Examples } from '../example.ts'

const history = (by: string) => ({ history: [{ created: '2026-05-30T00:00:00Z', created_by: by }] })

export const examples: Examples = {
  broken: [
    {
      title: 'an address, as the older builder writes it',
      config: history('/bin/sh -c #(nop) ADD http://example.org/a /srv/'),
    },
    { title: 'a repository', config: history('ADD --chown=1:1 git://example.org/a.git /srv/') },
    { title: 'an address', config: history('ADD https://example.org/app.tar.gz /srv/ # buildkit') },
  ],
  kept: [
    { title: 'an address that a command names', config: history('RUN echo ADD https://example.org/a') },
    { title: 'a copy', config: history('COPY https:/a /srv/') },

    {
      title: 'with its checksum',
      config: history(`ADD --checksum=sha256:${'a'.repeat(64)} https://example.org/app.tar.gz /srv/`),
    },
    { title: 'a file', config: history('ADD rootfs.tar.xz / # buildkit') },
  ],
}
