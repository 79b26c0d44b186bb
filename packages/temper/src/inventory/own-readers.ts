import type { FileReader } from './cataloguer.ts'
import { distributionReader } from './distribution.ts'
import { traceReader } from './traces.ts'

/** Readers that every inventory has in addition to cataloguers and observers. */
export const ownReaders: readonly FileReader<unknown>[] = [distributionReader, traceReader]
