import { ActionIcon, Button, Menu } from '@mantine/core'
import {
  IconArmchair,
  IconArrowsMove,
  IconCalendarCheck,
  IconCalendarX,
  IconCircleCheck,
  IconDots,
  IconStethoscope,
  IconUserX,
} from '@tabler/icons-react'
import type { AppointmentStatus, DayAppointment } from '@vetcita/contracts'
import { timeOf } from '@vetcita/contracts/moment'
import { useTranslation } from 'react-i18next'
import { actionLabel, appointmentActions } from './appointment-actions.ts'

const ICONS: Record<AppointmentStatus, typeof IconDots> = {
  held: IconCalendarCheck,
  scheduled: IconCalendarCheck,
  confirmed: IconCalendarCheck,
  checked_in: IconArmchair,
  in_progress: IconStethoscope,
  completed: IconCircleCheck,
  cancelled: IconCalendarX,
  no_show: IconUserX,
}

interface AppointmentButtonsProps {
  appointment: DayAppointment
  /** Milliseconds since 1970. */
  now: number
  isBusy: boolean
  /** Shows every status change as a button, instead of a menu for all but the likely one. */
  isFlat?: boolean
  onChange: (to: AppointmentStatus) => void
  onMove: () => void
  onCancel: () => void
}

/** Buttons for the likely next status, the other allowed ones, and moving. */
export function AppointmentButtons({
  appointment,
  now,
  isBusy,
  isFlat = false,
  onChange,
  onMove,
  onCancel,
}: AppointmentButtonsProps) {
  const { t } = useTranslation('staff')
  const { primary, others } = appointmentActions(appointment, now)
  if (primary === null && others.length === 0 && !appointment.canMove) return null
  const label = (to: AppointmentStatus) => t(`to.${actionLabel(appointment.status, to)}`)
  // a day has many "Confirm" buttons, so for screen readers each names its appointment
  const spoken = (action: string) =>
    t('card.action', { action, pet: appointment.pet.name, time: timeOf(appointment.startTime) })
  const run = (to: AppointmentStatus) => (to === 'cancelled' ? onCancel() : onChange(to))
  return (
    <div className="vs-card-actions">
      {primary === null ? null : (
        <Button
          size="sm"
          variant={appointment.status === 'no_show' ? 'default' : 'light'}
          loading={isBusy}
          aria-label={spoken(label(primary))}
          onClick={() => run(primary)}
          className="vs-card-primary"
        >
          {label(primary)}
        </Button>
      )}
      {isFlat
        ? others.map((to) => {
            const Icon = ICONS[to]
            return (
              <ActionIcon
                key={to}
                variant="default"
                size={36}
                disabled={isBusy}
                aria-label={spoken(label(to))}
                title={label(to)}
                className={to === 'cancelled' ? 'vs-grave' : ''}
                onClick={() => run(to)}
              >
                <Icon size={18} aria-hidden />
              </ActionIcon>
            )
          })
        : null}
      {appointment.canMove ? (
        <ActionIcon
          variant="default"
          size={36}
          disabled={isBusy}
          aria-label={spoken(t('card.move'))}
          title={t('card.move')}
          onClick={onMove}
        >
          <IconArrowsMove size={18} aria-hidden />
        </ActionIcon>
      ) : null}
      {isFlat || others.length === 0 ? null : (
        <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
          <Menu.Target>
            <ActionIcon
              variant="default"
              size={36}
              disabled={isBusy}
              aria-label={spoken(t('card.more'))}
              title={t('card.more')}
            >
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map((to) => {
              const Icon = ICONS[to]
              return (
                <Menu.Item
                  key={to}
                  {...(to === 'cancelled' ? { className: 'vs-grave' } : {})}
                  leftSection={<Icon size={18} aria-hidden />}
                  onClick={() => run(to)}
                >
                  {label(to)}
                </Menu.Item>
              )
            })}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  )
}
