import type { Examples } from '../example.ts'

const history = (by: string) => ({ history: [{ created: '2026-05-30T00:00:00Z', created_by: by }] })

export const examples: Examples = {
  broken: [{ title: 'update', config: history('RUN /bin/sh -c apt-get -qq update # buildkit') }],
  kept: [
    { title: 'another program', config: history('RUN apt-getter update') },
    { title: 'update and install', config: history('RUN apt-get update && apt-get install -y nginx') },
  ],
}
