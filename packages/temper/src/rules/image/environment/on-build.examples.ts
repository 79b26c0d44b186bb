import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'a copy', settings: { OnBuild: ['COPY . /app'] } }],
  kept: [{ title: 'an empty list', settings: { OnBuild: [] } }],
}
