import {
  addClosureErrorCodes,
  addClosureSuccess,
  removeClosureErrorCodes,
  removeClosureSuccess,
  setHoursErrorCodes,
  setHoursResult,
  setServiceVetsErrorCodes,
  setServiceVetsSuccess,
} from '@vetcita/contracts'
import { defineFunction } from '../sql/define-function.ts'

/** Replaces a vet's week, given in the clinic's wall time. For admins. */
export const setVetHours = defineFunction({
  name: 'set_vet_hours',
  args: { vetId: 'uuid', hours: 'jsonb' },
  answer: setHoursResult.options[0],
  codes: setHoursErrorCodes,
})

/** Closes the whole clinic between two times of its wall clock (`YYYY-MM-DD HH:MM`), once for each key. For staff. */
export const addClosure = defineFunction({
  name: 'add_clinic_closure',
  args: { from: 'timestamp', to: 'timestamp', name: 'text', idempotencyKey: 'text?' },
  answer: addClosureSuccess,
  codes: addClosureErrorCodes,
  repeatable: 'with-key',
})

/** Opens the clinic again for the time of a closure. For staff. */
export const removeClosure = defineFunction({
  name: 'remove_clinic_closure',
  args: { closureId: 'uuid' },
  answer: removeClosureSuccess,
  codes: removeClosureErrorCodes,
  repeatable: 'always',
})

/** Says who does a service; an empty list is everybody. For admins. */
export const setServiceVets = defineFunction({
  name: 'set_service_vets',
  args: { serviceId: 'uuid', vetIds: 'uuid[]' },
  answer: setServiceVetsSuccess,
  codes: setServiceVetsErrorCodes,
  repeatable: 'always',
})
