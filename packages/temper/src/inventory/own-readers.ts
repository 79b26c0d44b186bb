import type { FileReader } from './cataloguer.ts'
import { distributionReader } from './distribution.ts'
import { traceReader } from './traces.ts'

/** What every inventory reads besides what cataloguers and observers ask for. */
export const ownReaders: readonly FileReader<unknown>[] = [distributionReader, traceReader]
