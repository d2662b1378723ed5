import { clinicSlug, id } from '@vetcita/contracts'
import { dateOf } from '@vetcita/contracts/moment'
import { appointmentDetail, type Database, signedInBy } from '@vetcita/db'
import type { FastifyInstance } from 'fastify'
import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import { z } from 'zod'
import type { TokenReader } from '../trpc/context.ts'

const address = z.object({
  clinic: clinicSlug,
  file: z
    .string()
    .regex(/\.ics$/)
    .transform((name) => name.slice(0, -'.ics'.length))
    .pipe(id),
})

type CalendarOptions = {
  db: Database
  readToken: TokenReader
  publicUrl: string
  /** The sender of the clinics' mails, `Name <address>` or the address alone. */
  sender: string
}

/**
 * Serves `GET /api/calendar/<clinic>/<appointment>.ics`: an appointment as a calendar file, for the pet owner whose it is
 * and for the clinic's staff. Any other caller is redirected to the appointment's page, which offers to sign in.
 */
export async function calendarRoute(app: FastifyInstance, options: CalendarOptions): Promise<void> {
  app.get('/api/calendar/:clinic/:file', async (request, reply) => {
    const params = address.safeParse(request.params)
    if (!params.success) return reply.callNotFound()
    const { clinic, file: appointmentId } = params.data
    const page = new URL(`/${clinic}/portal/appointments/${appointmentId}`, options.publicUrl)
    const token = options.readToken(request)
    const caller = token === null ? null : await signedInBy(options.db, token, clinic)
    const { user, membership } = caller ?? {}
    const found =
      user === undefined || !membership
        ? null
        : await appointmentDetail(
            options.db,
            { userId: user.id, tenantId: clinic, isStaff: false },
            appointmentId,
          )
    if (found === null || !membership) return reply.redirect(page.pathname, 303)
    return reply
      .type('text/calendar; charset=utf-8')
      .header('content-disposition', `inline; filename="${dateOf(found.startTime)}-${clinic}.ics"`)
      .send(calendarFile(found, { name: membership.name, page: page.href, sender: options.sender }))
  })
}

type Appointment = NonNullable<Awaited<ReturnType<typeof appointmentDetail>>>

/**
 * Returns an appointment as iCalendar text (RFC 5545). The UID never changes, and the SEQUENCE is the appointment's version,
 * which rises with each change of time, vet or status, so that a calendar that has the event moves or removes it.
 *
 * @param clinic its name, the address of the appointment's page, and the sender of its mails
 */
export function calendarFile(
  appointment: Appointment,
  clinic: { name: string; page: string; sender: string },
): string {
  const isCancelled = appointment.status === 'cancelled'
  const service = appointment.service.name === null ? [] : [appointment.service.name]
  const calendar = ical({
    prodId: { company: 'Vetcita', product: 'Vetcita' },
    method: isCancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
  })
  calendar.createEvent({
    id: `${appointment.id}@vetcita`,
    sequence: appointment.version - 1,
    // instants in UTC need no zone rules in the file
    start: new Date(appointment.startTime),
    end: new Date(appointment.endTime),
    lastModified: new Date(appointment.statusSince),
    stamp: new Date(),
    summary: [...service, appointment.pet.name].join(' · '),
    location: clinic.name,
    description: [appointment.vet.fullName, clinic.page].filter((line) => line !== null).join('\n'),
    url: clinic.page,
    // RFC 5546 requires an organizer in a published event
    organizer: { name: clinic.name, email: /<(.+)>$/.exec(clinic.sender)?.[1] ?? clinic.sender },
    status: isCancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  })
  return calendar.toString()
}
