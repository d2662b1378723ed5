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
  /** Who writes the clinics' mails, `Name <address>` or the address alone. */
  sender: string
}

/**
 * `GET /api/calendar/<clinic>/<appointment>.ics`: an appointment for the calendar of its owner (or of the clinic's
 * staff), who is signed in. Whoever may not see it, or not yet, is sent to its page, which says so and leads on.
 */
export async function calendarRoute(app: FastifyInstance, options: CalendarOptions): Promise<void> {
  app.get('/api/calendar/:clinic/:file', async (request, reply) => {
    const asked = address.safeParse(request.params)
    if (!asked.success) return reply.callNotFound()
    const { clinic, file: appointmentId } = asked.data
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
 * One event in iCalendar (RFC 5545). Its UID stays the appointment's for ever, and its SEQUENCE is the version, which
 * rises with each change of time, vet or status: a calendar that has it already moves it, or takes it away.
 *
 * @param clinic its name, the address of the appointment's page, and who writes its mails
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
    // instants in UTC: whoever reads them needs no zone rules of ours
    start: new Date(appointment.startTime),
    end: new Date(appointment.endTime),
    lastModified: new Date(appointment.statusSince),
    stamp: new Date(),
    summary: [...service, appointment.pet.name].join(' · '),
    location: clinic.name,
    description: [appointment.vet.fullName, clinic.page].filter((line) => line !== null).join('\n'),
    url: clinic.page,
    // a published event names who keeps it: RFC 5546
    organizer: { name: clinic.name, email: /<(.+)>$/.exec(clinic.sender)?.[1] ?? clinic.sender },
    status: isCancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  })
  return calendar.toString()
}
