import { Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { AvailableSlots, Slot } from '@vetcita/contracts'
import { slotsOf } from '@vetcita/contracts/slot-list'
import { slotLabel, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useStaffSentence } from '../../components/staff-sentence.ts'

interface FreeTimesProps {
  serviceId: string
  /** Undefined for anyone: each time then goes to the vet whose turn it is. */
  vetId: string | undefined
  /** The clinic's date. */
  date: string
  /** The chosen start, as an instant. */
  selected: string | null
  onSelect: (slot: Slot) => void
}

/** The free times of a day, one for each start: of several vets the one whose turn it is. */
export function useFreeTimes(asked: {
  serviceId: string | undefined
  vetId: string | undefined
  date: string
}) {
  const trpc = useTRPC()
  const { serviceId, vetId, date } = asked
  return useQuery(
    trpc.slots.available.queryOptions(
      { serviceId, from: date, to: date, ...(vetId === undefined ? {} : { vetId }) },
      { select: firstOfEach, enabled: serviceId !== undefined },
    ),
  )
}

function firstOfEach(result: AvailableSlots): Slot[] {
  return slotsOf(result).filter(({ startTime }, index, all) => startTime !== all[index - 1]?.startTime)
}

/** Buttons for the free times of one day. */
export function FreeTimes({ serviceId, vetId, date, selected, onSelect }: FreeTimesProps) {
  const { t } = useTranslation('staff')
  const sentence = useStaffSentence()
  const { data: slots, error } = useFreeTimes({ serviceId, vetId, date })
  return (
    <div>
      <Text size="sm" c="dimmed" mb={4}>
        {slots === undefined && error !== null
          ? sentence(error)
          : slots === undefined || slots.length > 0
            ? t('booking.free')
            : t('booking.noneFree')}
      </Text>
      <Group gap={6} role="group" aria-label={t('booking.free')} className="vs-free">
        {slots?.map((slot) => {
          const isSelected = selected !== null && Date.parse(selected) === Date.parse(slot.startTime)
          return (
            <Button
              key={slot.startTime}
              size="compact-sm"
              variant={isSelected ? 'filled' : 'default'}
              aria-pressed={isSelected}
              onClick={() => onSelect(slot)}
            >
              {slotLabel(slot, slots)}
            </Button>
          )
        })}
      </Group>
    </div>
  )
}
