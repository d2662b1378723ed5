/** On whose behalf something is done: a signed-in user, at one clinic. */
export type Actor = {
  userId: string
  tenantId: string
  /** True for the clinic's receptionists, vets and admins. */
  isStaff: boolean
}
