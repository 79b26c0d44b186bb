import type { Examples } from '../example.ts'

const history = (by: string) => ({ history: [{ created: '2026-05-30T00:00:00Z', created_by: by }] })

export const examples: Examples = {
  broken: [
    { title: 'a password', config: history('RUN |1 DB_PASSWORD=k3u9-Zq81-vv20 /bin/sh -c make') },

    {
      title: 'a token, in two instructions',
      config: history('RUN |2 REVISION=abcdef12 DEPLOY_TOKEN=0123456789ab /bin/sh -c make # buildkit'),
    },
  ],
  kept: [
    { title: 'an argument of an instruction that ran nothing', config: history('ARG DB_PASSWORD') },

    {
      title: 'an argument that is none',
      config: history('RUN |1 TOKEN_ISSUER=https://idp.example /bin/sh -c make'),
    },
  ],
}
