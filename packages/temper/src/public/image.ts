/** Images as they are: looked at, and copied between folders, archives and registries. */

export { type CopyRequest, type CopyResult, copyImage } from '../flows/image/copy.ts'
export { imageIds } from '../flows/image/ids.ts'
export { type ImageSummary, type Inspection, inspect } from '../flows/image/inspect.ts'
export { type ImageInterface, interfaceOf } from '../flows/image/interface.ts'
export { compareInterfaces, type InterfaceChange } from '../flows/image/interface-changes.ts'
export { listTags, type TagList, type TagSummary } from '../flows/image/list-tags.ts'
export { openStoreFor } from '../flows/image/store.ts'
export { formatReference, parseReference } from '../oci/reference.ts'
