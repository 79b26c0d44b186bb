import { type Example, type Examples, file } from '../example.ts'

const based = (title: string, created: string): Example => ({
  title,
  over: [[file('srv/app.js', 'x')]],
  config: { history: [{ created, created_by: 'ADD rootfs /' }, { created_by: 'COPY . .' }] },
})

export const examples: Examples = {
  broken: [based('a base of last year', '2025-11-01T00:00:00Z')],
  kept: [
    based('a base of this month', '2026-05-01T00:00:00Z'),
    based('a base without a date', '1970-01-01T00:00:00Z'),
  ],
}
