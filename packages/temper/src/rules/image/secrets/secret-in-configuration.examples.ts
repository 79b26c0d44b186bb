import type { Examples } from '../example.ts'
import { samplePassword } from './sample-secret.ts'

export const examples: Examples = {
  broken: [{ title: 'a password in a variable', settings: { Env: ['PATH=/usr/bin', samplePassword] } }],
  kept: [{ title: 'a variable without its value', settings: { Env: ['PATH=/usr/bin', 'DB_PASSWORD='] } }],
}
