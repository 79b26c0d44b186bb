import { createMemoryStore } from './fixtures/memory.ts'
import { storeConformance } from './fixtures/store.conformance.ts'

storeConformance('memory', {
  create: async () => {
    const store = createMemoryStore()
    return { open: async () => store }
  },
})
