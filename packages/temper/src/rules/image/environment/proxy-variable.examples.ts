import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'a proxy', settings: { Env: ['PATH=/usr/bin', 'HTTPS_PROXY=http://proxy.example:3128'] } },
  ],
  kept: [{ title: 'the variable without a value', settings: { Env: ['PATH=/usr/bin', 'HTTPS_PROXY='] } }],
}
