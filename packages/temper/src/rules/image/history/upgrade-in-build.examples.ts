import type { Examples } from '../example.ts'

const history = (by: string) => ({ history: [{ created: '2026-05-30T00:00:00Z', created_by: by }] })

export const examples: Examples = {
  broken: [{ title: 'apt-get', config: history('RUN apt-get update && apt-get -y dist-upgrade') }],
  kept: [
    {
      title: 'one package',
      config: history('RUN apt-get update && apt-get install --only-upgrade -y openssl'),
    },
  ],
}
