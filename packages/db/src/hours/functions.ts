import { setHoursErrorCodes, setHoursResult } from '@vetcita/contracts'
import { defineFunction } from '../sql/define-function.ts'

/** Replaces a vet's week, given in the clinic's wall time. For admins. */
export const setVetHours = defineFunction({
  name: 'set_vet_hours',
  args: { vetId: 'uuid', hours: 'jsonb' },
  answer: setHoursResult.options[0],
  codes: setHoursErrorCodes,
})
