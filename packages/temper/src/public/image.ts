/** Images as they are: looked at, and copied between folders, archives and registries. */

export { type CopyRequest, type CopyResult, copyImage } from '../flows/image/copy.ts'
export { type ImageSummary, type Inspection, inspect } from '../flows/image/inspect.ts'
export { formatReference, parseReference } from '../oci/reference.ts'
