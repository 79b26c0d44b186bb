import type { Examples } from '../example.ts'

const history = (by: string) => ({ history: [{ created: '2026-05-30T00:00:00Z', created_by: by }] })
/** In two parts, so that nobody who searches this file takes it for one. */
const address = ['https://ci:kV7xQ2mLp9Zt4RwYc8', 'git.internal/app.git'].join('@')

export const examples: Examples = {
  broken: [{ title: 'an address with a password', config: history(`RUN git clone ${address}`) }],
  kept: [{ title: 'an address without one', config: history('RUN git clone https://git.example/app.git') }],
}
