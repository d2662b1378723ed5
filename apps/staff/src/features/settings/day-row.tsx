import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core'
import { IconCopy, IconPlus, IconX } from '@tabler/icons-react'
import { formatWeekday, useLanguage } from '@vetcita/ui'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { TimeField } from '../../components/time-field.tsx'
import { nextStretch, problemOfDay, type Stretch, shareOf } from './week.ts'

interface DayRowProps {
  /** 1 (Monday) to 7. */
  weekday: number
  day: readonly Stretch[]
  onChange: (day: readonly Stretch[]) => void
  /** Copies this day to Monday to Friday. */
  onCopy: () => void
}

/** One day of a vet's week: fields for its stretches of work, and a bar that shows them. */
export function DayRow({ weekday, day, onChange, onCopy }: DayRowProps) {
  const { t } = useTranslation('staff')
  const name = formatWeekday(weekday, 'weekdayName', useLanguage())
  const heading = useId()
  const problem = problemOfDay(day)
  const set = (key: number, change: Partial<Stretch>) =>
    onChange(day.map((known) => (known.key === key ? { ...known, ...change } : known)))
  return (
    <section className="vs-week-day" aria-labelledby={heading}>
      <Text fw={600} id={heading} className="vc-capital">
        {name}
      </Text>
      <Stack gap="xs">
        {day.length === 0 ? <Text c="dimmed">{t('hours.closed')}</Text> : null}
        {day.map(({ key, opens, closes }, index) => {
          const which = { day: name, n: index + 1 }
          // an overlap marks all stretches, any other problem its own
          const isInvalid = problem === 'overlap' || problemOfDay([{ key, opens, closes }]) !== null
          return (
            <Group key={key} gap="xs" wrap="nowrap">
              <TimeField
                size="sm"
                aria-label={t('hours.opensOf', which)}
                value={opens}
                error={isInvalid}
                onChange={(time) => set(key, { opens: time })}
              />
              <span aria-hidden>–</span>
              <TimeField
                size="sm"
                aria-label={t('hours.closesOf', which)}
                value={closes}
                error={isInvalid}
                onChange={(time) => set(key, { closes: time })}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={t('hours.remove', which)}
                onClick={() => onChange(day.filter((known) => known.key !== key))}
              >
                <IconX size={18} aria-hidden />
              </ActionIcon>
            </Group>
          )
        })}
        <div role="alert">
          {problem === null ? null : (
            <Text size="sm" c="var(--mantine-color-error)">
              {t(`hours.${problem}`)}
            </Text>
          )}
        </div>
        <Group gap="xs">
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPlus size={16} aria-hidden />}
            aria-label={t('hours.addOf', { day: name })}
            onClick={() => onChange([...day, nextStretch(day)])}
          >
            {t('hours.add')}
          </Button>
          {day.length > 0 ? (
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              leftSection={<IconCopy size={16} aria-hidden />}
              aria-label={t('hours.copyOf', { day: name })}
              onClick={onCopy}
            >
              {t('hours.copy')}
            </Button>
          ) : null}
        </Group>
      </Stack>
      <div className="vs-week-bar" aria-hidden>
        {problem === null
          ? day.map((known) => {
              const { start, length } = shareOf(known)
              return (
                <span
                  key={known.key}
                  style={{ insetInlineStart: `${start * 100}%`, width: `${length * 100}%` }}
                />
              )
            })
          : null}
      </div>
    </section>
  )
}
