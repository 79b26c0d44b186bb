import type { Examples } from '../example.ts'

const history = (by: string) => ({ history: [{ created: '2026-05-30T00:00:00Z', created_by: by }] })

export const examples: Examples = {
  broken: [
    { title: 'apk', config: history('RUN apk upgrade --no-cache') },
    { title: 'dnf', config: history('RUN dnf -y upgrade') },
    { title: 'apt-get', config: history('RUN apt-get update && apt-get -y dist-upgrade') },
  ],
  kept: [
    { title: 'pip', config: history('RUN pip install --upgrade app') },

    {
      title: 'one package',
      config: history('RUN apt-get update && apt-get install --only-upgrade -y openssl'),
    },
  ],
}
