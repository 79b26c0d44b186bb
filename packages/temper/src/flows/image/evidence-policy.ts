/**
 * Attachments of an image have to be copied too ("require"), are copied if the target accepts them ("try"), or are
 * not copied ("none").
 */
export const evidencePolicies = ['require', 'try', 'none'] as const
export type EvidencePolicy = (typeof evidencePolicies)[number]
