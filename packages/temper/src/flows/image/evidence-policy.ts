/**
 * What is attached to an image has to come along ("require"), comes along where the target takes it ("try"), or stays
 * behind ("none").
 */
export const evidencePolicies = ['require', 'try', 'none'] as const
export type EvidencePolicy = (typeof evidencePolicies)[number]
