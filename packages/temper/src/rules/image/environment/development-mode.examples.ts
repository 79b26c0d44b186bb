import type { Examples } from '../example.ts'

const settings = (variable: string) => ({ Env: ['PATH=/usr/bin', variable] })

export const examples: Examples = {
  broken: [
    { title: 'Rails', settings: settings('RAILS_ENV=development') },
    { title: 'Flask', settings: settings('FLASK_DEBUG=1') },
  ],
  kept: [{ title: 'Node.js as it should be', settings: settings('NODE_ENV=production') }],
}
