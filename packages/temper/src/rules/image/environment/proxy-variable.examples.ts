import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'one in small letters', settings: { Env: ['PATH=/usr/bin', 'no_proxy=localhost'] } },

    { title: 'a proxy', settings: { Env: ['PATH=/usr/bin', 'HTTPS_PROXY=http://proxy.example:3128'] } },
  ],
  kept: [
    { title: 'a name that begins so', settings: { Env: ['PATH=/usr/bin', 'HTTPS_PROXY_PORT=3128'] } },
    { title: 'the variable without a value', settings: { Env: ['PATH=/usr/bin', 'HTTPS_PROXY='] } },
  ],
}
