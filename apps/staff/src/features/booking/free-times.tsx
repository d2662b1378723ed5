import { Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Slot } from '@vetcita/contracts'
import { slotsOf } from '@vetcita/contracts/slot-list'
import { slotLabel, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useStaffSentence } from '../../components/staff-sentence.ts'

interface FreeTimesProps {
  serviceId: string
  vetId: string
  /** The clinic's date. */
  date: string
  /** The chosen start, as an instant. */
  selected: string | null
  onSelect: (slot: Slot) => void
}

/** Buttons for a vet's free times on one day. */
export function FreeTimes({ serviceId, vetId, date, selected, onSelect }: FreeTimesProps) {
  const { t } = useTranslation('staff')
  const sentence = useStaffSentence()
  const trpc = useTRPC()
  const { data: slots, error } = useQuery(
    trpc.slots.available.queryOptions({ serviceId, vetId, from: date, to: date }, { select: slotsOf }),
  )
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
