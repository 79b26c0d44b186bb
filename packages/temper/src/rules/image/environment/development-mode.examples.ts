import type { Examples } from '../example.ts'

const settings = (variable: string) => ({ Env: ['PATH=/usr/bin', variable] })

export const examples: Examples = {
  broken: [
    { title: '.NET', settings: settings('ASPNETCORE_ENVIRONMENT=Development') },
    { title: 'Python', settings: settings('PYTHONDEVMODE=1') },

    { title: 'Rails', settings: settings('RAILS_ENV=development') },
    { title: 'Flask', settings: settings('FLASK_DEBUG=1') },
  ],
  kept: [
    { title: 'Flask without it', settings: settings('FLASK_DEBUG=0') },
    { title: 'another name', settings: settings('MY_NODE_ENV=development') },
    { title: 'Node.js as it should be', settings: settings('NODE_ENV=production') },
  ],
}
