import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'an allocator by LD_PRELOAD', settings: { Env: ['LD_PRELOAD=/usr/lib/libjemalloc.so.2'] } },
  ],
  kept: [{ title: 'the variable without a value', settings: { Env: ['LD_PRELOAD='] } }],
}
